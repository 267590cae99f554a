// The walk: every step of both passes with its sentence and what is lit at it.

const OVERVIEW = byId("sentence").textContent;
let steps = [];
let stepOf = new Map(); // the position of every step by its key
let position = 0;

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
