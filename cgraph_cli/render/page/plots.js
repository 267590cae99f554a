// Small plots: the output along each variable with its tangent, and its trace over the steps of a descent.

const ALONG = { width: 240, height: 60 }, TRACE = { width: 480, height: 96 };
const SAMPLES = 80, INSET = 6, ARM = 42; // in the drawing's own lengths
let plotting = 0; // the number of the latest request: what is older is left undone

// The range of numbers without the tails that a pole makes long; what is kept in sight is inside.
function rangeOf(numbers, kept = []) {
    const sorted = numbers.filter(Number.isFinite).sort((one, other) => one - other);
    const low = sorted[Math.round(0.1 * (sorted.length - 1))], high = sorted[Math.round(0.9 * (sorted.length - 1))];
    const seen = [...sorted.filter((one) => one >= low - 3 * (high - low) && one <= high + 3 * (high - low)), ...kept];
    const [least, most] = [Math.min(...seen), Math.max(...seen)];
    return least < most ? [least, most] : [least - 1, most + 1];
}

// Numbers as places in a drawing.
function scaled({ width, height }, [left, right], [low, high]) {
    const unit = [(width - 2 * INSET) / (right - left), (height - 2 * INSET) / (high - low)];
    const across = (x) => INSET + (x - left) * unit[0], down = (y) => height - INSET - (y - low) * unit[1];
    return { unit, place: (x, y) => [across(x), Math.max(-height, Math.min(down(y), 2 * height))].map((one) => one.toFixed(1)) };
}

// A line through points, broken where there is no number.
function lineThrough(points, place) {
    return points.map(([x, y], index) => {
        const isDrawn = Number.isFinite(points[index - 1]?.[1]);
        return Number.isFinite(y) ? `${isDrawn ? "L" : "M"}${place(x, y).join(" ")}` : "";
    }).join("");
}

// A short line through a point: as long as another, however steep.
function tangentThrough([x, y], slope, unit) {
    const [right, up] = [unit[0], unit[1] * slope];
    const part = ARM / Math.hypot(right, up);
    return `M${x - part * right} ${Number(y) + part * up}l${2 * part * right} ${-2 * part * up}`;
}

function plotAlong(index) {
    const plot = byId(`plot-${index}`), slider = byId(`slider-${index}`);
    const [node] = DATA.variables[index];
    const at = point[index], value = state.values[outputNode()], slope = state.passes.upstream[node];
    plot.toggleAttribute("hidden", slider.disabled || !Number.isFinite(at));
    if (slider.disabled || !Number.isFinite(at)) {
        return;
    }
    const inputs = new Map(DATA.variables.map(([one], other) => [one, point[other]]));
    const left = Math.min(Number(slider.min), at), right = Math.max(Number(slider.max), at);
    const places = Array.from({ length: SAMPLES + 1 }, (_, sample) => left + ((right - left) * sample) / SAMPLES);
    const points = places.map((x) => [x, forward(WHOLE, inputs.set(node, x))[outputNode()]]);
    const isFinite = Number.isFinite(value);
    const { unit, place } = scaled(ALONG, [left, right], rangeOf(points.map(([, y]) => y), isFinite ? [value] : [0]));
    const dot = place(at, isFinite ? value : 0);
    plot.querySelector(".curve").setAttribute("d", lineThrough(points, place));
    plot.querySelector(".tangent").setAttribute("d", isFinite && Number.isFinite(slope) ? tangentThrough(dot, slope, unit) : "");
    plot.querySelector(".dot").setAttribute("d", isFinite ? `M${dot.join(" ")}h0` : "");
    plot.setAttribute("aria-label", fill(plot.dataset.label));
}

const inSight = new Set(); // the variables whose plots can be seen

// Plot them, one after the other when the page has time.
function plotAll(left = [...inSight], request = plotting += 1) {
    setTimeout(() => {
        if (request === plotting && left.length) {
            plotAlong(left[0]);
            plotAll(left.slice(1), request);
        }
    });
}

function setUpPlots() {
    const observer = new IntersectionObserver((entries) => {
        entries.forEach(({ target, isIntersecting }) => inSight[isIntersecting ? "add" : "delete"](Number(target.dataset.index)));
        plotAll();
    }, { rootMargin: "50%" });
    DATA.variables.forEach((_, index) => {
        const place = byId(`plot-${index}`).closest(".variable");
        place.dataset.index = index;
        observer.observe(place);
    });
}

// The output after each step of a descent.
function plotTrace(plot, trace) {
    const points = trace.map((value, step) => [step, value]);
    const finite = trace.filter(Number.isFinite);
    const { place } = scaled(TRACE, [0, Math.max(trace.length - 1, 1)], rangeOf([...finite, 0], finite));
    plot.querySelector(".curve").setAttribute("d", lineThrough(points, place));
    plot.querySelector(".dot").setAttribute("d", points.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => `M${place(x, y).join(" ")}h0`).join(""));
}
