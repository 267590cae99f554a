// The page: it shows the numbers of a point, walks through the two passes, and computes again when the point changes.

const byId = (id) => document.getElementById(id);
const DATA = JSON.parse(byId("data").textContent);
const BODIES = DATA.bodies;
const TAPE = DATA.tape;
const WORDS = DATA.words;
const OUTPUT = TAPE.output;
const OVERVIEW = byId("sentence").textContent;
const USERS = TAPE.args.map(() => []);
for (let node = USERS.length - 1; node >= 0; node -= 1) {
    TAPE.args[node].forEach((arg, index) => USERS[arg].push([node, index]));
}

let state = read(DATA.given);
let steps = [];
let stepOf = new Map(); // the position of every step by its key
let position = 0;
const point = [];

// --- numbers ---

// The numbers that cgraph computed: null is a gradient that is not sent, and JSON has words for some numbers.
function read(one) {
    if (Array.isArray(one)) {
        return one.map(read);
    }
    if (one !== null && typeof one === "object") {
        return Object.fromEntries(Object.entries(one).map(([name, part]) => [name, read(part)]));
    }
    return one === null ? undefined : { NaN, Infinity, "-Infinity": -Infinity }[one] ?? one;
}

// The numbers at another point, from the same passes.
function compute(inputs) {
    const values = forward(TAPE, inputs);
    const outputs = TAPE.outputs.map((node) => backward(TAPE, values, node));
    const direction = DATA.direction?.map(([node, one]) => [node, Number(one)]);
    const passes = outputs.at(-1);
    state = {
        values,
        passes,
        tangents: direction && tangents(TAPE, passes, new Map(direction)),
        jacobian: outputs.map((one) => DATA.variables.map(([node]) => one.upstream[node])),
    };
    const findings = [
        ...valueFindings(TAPE, values, outputs),
        ...outputs.flatMap((one) => gradientFindings(TAPE, values, one)),
        ...TAPE.outputs.filter((node) => !Number.isFinite(state.tangents?.[node] ?? 0)).map((node) => (
            ["directional", node, { value: state.tangents[node] }]
        )),
        ...outputs.flatMap((one) => conventions(TAPE, values, one.reached)),
    ];
    state.warnings = [...new Set(findings.map((found) => message(...found)))];
}

function sends(node, index) {
    return state.passes.downstream[node][index] !== undefined;
}

// The edges that send a gradient to a node, in the order of the backward pass.
function arrivals(node) {
    return USERS[node].filter(([user, index]) => sends(user, index));
}

// --- texts: templates of cgraph's, in which places stand for numbers ---

const WRITE = {
    exact: (value) => formatNumber(value + 0),
    value: short,
    operand: (value) => inParentheses(short(value)),
    power: raised,
    number: short,
    factor: (value) => inParentheses(short(value)),
    equals,
    sign: signOf,
    sum: sumText,
};

// The numbers that a place names: v3 is the value of node 3, d3.0 what its first edge sends, a3 all that arrives at it.
function numbersAt(name) {
    const [node, index] = name.slice(1).split(".").map(Number);
    return {
        v: () => [state.values[node]],
        u: () => [state.passes.upstream[node]],
        t: () => [state.tangents[node]],
        l: () => [state.passes.local[node][index]],
        d: () => [state.passes.downstream[node][index] ?? 0],
        j: () => [state.jacobian[node][index]],
        a: () => arrivals(node).map(([user, at]) => state.passes.downstream[user][at]),
    }[name[0]]();
}

function fill(template, fields = {}) {
    return template.replace(/\{([^}]*)\}/g, (_, place) => {
        if (place in fields) {
            return fields[place];
        }
        const [kind, ...names] = place.split(" ");
        return kind in TEXTS ? TEXTS[kind](...names[0].split(".").map(Number)) : WRITE[kind](...names.flatMap(numbersAt));
    });
}

// Texts that depend on more than how a number is written.
const TEXTS = {
    // What a node computes, the same with numbers and its value; what only repeats the next is left out.
    forward(node) {
        const [label, operation, template] = WORDS[node].forward;
        const value = short(state.values[node]);
        const numbers = template === "" ? value : fill(template);
        const about = equals(...TAPE.args[node].map((arg) => state.values[arg]));
        const text = `${label} = ${operation}${numbers === value ? "" : ` ${about} ${numbers}`}`;
        const isNew = (numbers === value ? operation : numbers) !== value || KERNELS[TAPE.kernels[node]].body !== undefined;
        return isNew ? `${text} ${equals(state.values[node])} ${value}` : text;
    },
    local(node, index) {
        const ways = WORDS[node].edges[index].local;
        return fill(Number.isNaN(state.values[node]) ? ways.at(-1) : ways[armOf(TAPE, node, index, state.values)]);
    },
    sent: (node, index) => sends(node, index) ? fill(WORDS[node].edges[index].cell) : DATA.silence,
    total: (node) => arrivals(node).length > 1 ? fill(`= {sum a${node}}`) : "",
};

// The sentence of a finding; what it needs beyond its fields are the node's own words.
function message(kind, node, { arg, position, ...fields }) {
    const words = WORDS[node];
    const edge = arg === undefined ? {} : {
        local: `\u2202${words.name}/\u2202${WORDS[arg].name}`,
        formula: words.edges[position].plain[armOf(TAPE, node, position, state.values)],
    };
    const numbers = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, typeof one === "number" ? formatNumber(one) : one]));
    const { name, text, output } = words;
    const own = { name, label: name, text, output, module: words.function, point: fill(words.point), place: fill(words.place) };
    return fill(DATA.findings[kind], { ...own, ...edge, ...numbers });
}

// --- steps ---

// Every step with its sentence, what is lit at it, and the part of the figure to look at.
function makeSteps() {
    const found = [{ key: "overview", phase: "Overview", sentence: () => OVERVIEW, now: [], near: [] }];
    const add = (key, phase, sentence, look, now, near = []) => found.push({ key, phase, sentence, look, now, near });
    TAPE.args.forEach((args, node) => {
        if (WORDS[node].step) {
            const lit = [`node-${node}`, `row-${node}`, ...args.map((_, index) => `edge-${node}-${index}`)];
            add(`v${node}`, "Forward pass", () => fill(WORDS[node].step), `node-${node}`, lit);
        }
    });
    const out = `edge-output-${OUTPUT}`;
    add("seed", "Backward pass", () => fill(DATA.seed), out, [`node-${OUTPUT}`, out, `row-${OUTPUT}`]);
    for (let node = TAPE.args.length - 1; node >= 0; node -= 1) {
        TAPE.args[node].forEach((arg, index) => {
            if (state.passes.reached[node] && TAPE.flows[node][index]) {
                const [edge, local, sent] = ["edge", "local", "sent"].map((part) => `${part}-${node}-${index}`);
                const sentence = () => backwardSentence(node, index);
                add(edge, "Backward pass", sentence, edge, [`node-${arg}`, edge, local, sent], [`node-${node}`]);
            }
        });
    }
    add("end", "Result", () => fill(DATA.end), undefined, []);
    steps = found;
    stepOf = new Map(found.map(({ key }, index) => [key, index]));
}

function backwardSentence(node, index) {
    const arg = TAPE.args[node][index];
    const words = WORDS[node].edges[index];
    if (!sends(node, index)) {
        return fill(WORDS[node].at + words.silent);
    }
    const edges = arrivals(arg);
    const [user, last] = edges.at(-1);
    const arrived = edges.length === 1 ? "alone" : user === node && last === index ? "several" : "more";
    return fill(WORDS[node].at + words.sent + WORDS[arg][arrived], { direct: edges.length > 1 ? words.direct : "" });
}

// --- showing ---

// A text whose parts between the marks are elements of their own: formulas between dollar signs, code in backticks.
function show(element, text, mark, tag) {
    element.replaceChildren(...text.split(mark).map((part, index) => {
        const made = index % 2 ? document.createElement(tag) : document.createTextNode(part);
        if (index % 2) {
            made.className = mark === "`" ? "" : part.length > 36 ? "math long" : "math";
            made.textContent = part;
        }
        return made;
    }));
    return element;
}

function showNumbers() {
    for (const element of document.querySelectorAll("[data-text]")) {
        const text = fill(element.dataset.text);
        if (element.textContent !== text) {
            element.textContent = text;
        }
    }
    byId("warnings-section").hidden = state.warnings.length === 0;
    byId("warnings").replaceChildren(...state.warnings.map((text) => show(document.createElement("li"), text, "`", "code")));
    showFigure();
}

function showFigure() {
    for (const group of byId("figure").querySelectorAll("g[data-role]")) {
        const { role, source, target } = group.dataset;
        const texts = {};
        if (role === "edge") {
            texts.value = shortNumber(state.values[source]);
            if (target !== undefined && TAPE.flows[target][group.dataset.position]) {
                const sent = state.passes.downstream[target][group.dataset.position];
                group.classList.toggle("idle", sent === undefined);
                texts.gradient = shortNumber((sent ?? 0) + 0);
            }
        } else if (role === "node") {
            const node = Number(group.dataset.node);
            const several = arrivals(node).length + (node === OUTPUT) > 1;
            texts.upstream = several ? `\u03a3 ${shortNumber(state.passes.upstream[node] + 0)}` : "";
        }
        for (const text of group.querySelectorAll("text")) {
            if (text.dataset.role in texts) {
                text.textContent = texts[text.dataset.role];
            }
        }
        group.querySelector("title").textContent = fill(DATA.titles[group.id]);
    }
}

// Values and gradients that are not known yet at a step stay hidden.
function showProgress() {
    const all = position === 0 || position === steps.length - 1;
    const isKnown = (key) => stepOf.get(key) <= position;
    for (const group of byId("figure").querySelectorAll("g[data-role]")) {
        const { role, source, node } = group.dataset;
        let gradient = isKnown("seed");
        if (role === "node") {
            gradient &&= arrivals(Number(node)).every(([user, index]) => isKnown(`edge-${user}-${index}`));
        } else if (role === "edge") {
            const hidden = !all && TAPE.kernels[source] !== CONSTANT && !isKnown(`v${source}`);
            group.classList.toggle("no-value", hidden);
            gradient = isKnown(group.dataset.target === undefined ? "seed" : group.id);
        }
        group.classList.toggle("no-gradient", !all && !gradient);
    }
}

function showStep(scroll) {
    const step = steps[position], last = steps.length - 1;
    byId("phase").textContent = step.phase;
    byId("count").textContent = position === 0 ? `${last} steps` : `step ${position} of ${last}`;
    show(byId("sentence"), step.sentence(), "$", "span");
    byId("done").style.width = `${(100 * position) / last}%`;
    for (const [id, end] of [["first", 0], ["previous", 0], ["next", last], ["last", last]]) {
        byId(id).setAttribute("aria-disabled", String(position === end)); // not disabled: the focus would be lost
    }
    document.querySelectorAll(".now, .near").forEach((element) => element.classList.remove("now", "near"));
    step.now.forEach((id) => byId(id)?.classList.add("now"));
    step.near.forEach((id) => byId(id)?.classList.add("near"));
    showProgress();
    if (scroll && step.look !== undefined) {
        document.documentElement.style.scrollPaddingBottom = `${byId("walk").offsetHeight + 16}px`;
        byId(step.look)?.scrollIntoView({ block: "nearest", inline: "center" });
    }
}

function go(to, scroll = true) {
    const target = Math.min(Math.max(to, 0), steps.length - 1);
    if (target !== position) {
        position = target;
        byId("sentence").setAttribute("aria-live", "polite");
        showStep(scroll);
    }
}

// Compute at the point in the fields; the walk stays at its step if there is still such a step.
function recompute() {
    const inputs = new Map(DATA.variables.map(([node], index) => [node, point[index]]));
    if (DATA.variables.every(([, given], index) => Object.is(point[index], Number(given)))) {
        state = read(DATA.given);
    } else {
        compute(inputs);
    }
    const { key } = steps[position];
    makeSteps();
    position = stepOf.get(key) ?? Math.min(position, steps.length - 1);
    showNumbers();
    byId("sentence").setAttribute("aria-live", "off"); // the result above says what has changed
    showStep(false);
}

// --- input ---

// A round number that is not below a size.
function roundUp(size) {
    const power = 10 ** Math.floor(Math.log10(size));
    return [1, 2, 5, 10].map((one) => Number((one * power).toPrecision(2))).find((one) => one >= size) ?? size;
}

function fitSlider(slider, value) {
    const size = Math.abs(value);
    if (!Number.isFinite(roundUp(2 * size)) && size !== 0) {
        slider.disabled = true;
        return;
    }
    const most = size === 0 ? 1 : roundUp(2 * size);
    slider.disabled = false;
    slider.min = String(-most);
    slider.max = String(most);
    slider.step = String(Number((most / 100).toPrecision(2)));
    slider.value = String(value);
}

// A field and a slider for a variable; the function that sets both back.
function setUpVariable([, text], index) {
    const field = byId(`field-${index}`), slider = byId(`slider-${index}`);
    const set = (value, from) => {
        point[index] = value;
        slider.setAttribute("aria-valuetext", formatNumber(value + 0));
        field.setAttribute("aria-invalid", "false");
        if (from !== field) {
            field.value = formatNumber(value + 0);
        }
        if (from !== slider) {
            fitSlider(slider, value);
        }
    };
    slider.hidden = false;
    field.readOnly = false;
    field.addEventListener("input", () => {
        const value = numberFrom(field.value);
        if (value === undefined) {
            field.setAttribute("aria-invalid", "true");
        } else {
            set(value, field);
            recompute();
        }
    });
    field.addEventListener("change", () => set(point[index]));
    slider.addEventListener("input", () => {
        set(Number(slider.value), slider);
        recompute();
    });
    set(Number(text));
    return () => set(Number(text));
}

function isTyping(element) {
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

makeSteps();
const resets = DATA.variables.map(setUpVariable);
byId("reset")?.addEventListener("click", () => {
    resets.forEach((reset) => reset());
    recompute();
});
for (const [id, to] of [["first", () => 0], ["previous", () => position - 1], ["next", () => position + 1], ["last", () => steps.length - 1]]) {
    byId(id).addEventListener("click", () => go(to()));
}
document.addEventListener("keydown", (event) => {
    const isScrolled = event.target.matches?.(".scroll") && event.target.scrollWidth > event.target.clientWidth;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target) || isScrolled) {
        return;
    }
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        event.preventDefault();
        go(position + (event.key === "ArrowRight" ? 1 : -1));
    }
});
showNumbers();
showStep(false);
