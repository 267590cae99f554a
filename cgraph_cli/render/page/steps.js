// The walk: every step of both passes with its sentence and what is lit at it.

const OVERVIEW = byId("sentence").textContent;
const NEXT = byId("next").textContent;
let steps = [];
let stepOf = new Map(); // the position of every step by its keys
let position = 0;
let isAsked = false; // whether the numbers of this step are hidden until they are asked for
let revealed = []; // by step: what is hidden until then, each with the class that hides it
let reached; // the step up to which numbers are shown
let lit = [];

const isPredicting = () => byId("predict").checked;

// Every step with its sentence, the question before it, what is lit at it, and the part of the figure to look at.
function makeSteps() {
    const found = [];
    const add = (keys, phase, sentence, { ask, look, now = [], near = [], edges = [] } = {}) => (
        found.push({ keys, phase, sentence, ask, look, now, near, edges })
    );
    const statement = (node) => `statement-${DATA.statements[node]}`;
    add(["overview"], "Overview", () => OVERVIEW);
    TAPE.args.forEach((args, node) => {
        const words = WORDS[node];
        if (words.step) {
            const now = [`node-${node}`, `row-${node}`, statement(node), ...args.map((_, index) => `edge-${node}-${index}`)];
            const ask = words.ask && (() => fill(words.ask));
            add([`v${node}`], "Forward pass", () => fill(words.step), { ask, look: `node-${node}`, now });
        }
    });
    const out = `edge-output-${OUTPUT}`;
    add(["seed"], "Backward pass", () => fill(DATA.seed), { look: out, now: [`node-${OUTPUT}`, out, `row-${OUTPUT}`, statement(OUTPUT)] });
    for (let node = TAPE.args.length - 1; node >= 0; node -= 1) {
        const edges = state.passes.reached[node] ? [...TAPE.args[node].keys()].filter((index) => TAPE.flows[node][index]) : [];
        const groups = byId("by-node").checked && edges.length ? [edges] : edges.map((index) => [index]);
        for (const group of groups) {
            const names = (kind) => group.map((index) => `${kind}-${node}-${index}`);
            const args = group.map((index) => `node-${TAPE.args[node][index]}`);
            add(names("edge"), "Backward pass", () => backwardSentence(node, group), {
                ask: () => fill(WORDS[node].at + group.map((index) => WORDS[node].edges[index].ask).join(" ")),
                look: names("edge")[0],
                now: [...args, statement(node), ...["edge", "local", "sent"].flatMap(names)],
                near: [`node-${node}`],
                edges: group.map((index) => [node, index]),
            });
        }
    }
    add(["end"], "Result", () => fill(DATA.end));
    steps = found;
    stepOf = new Map(found.flatMap(({ keys }, index) => keys.map((key) => [key, index])));
    makeProgress();
}

// What a node sends along some of its edges.
function backwardSentence(node, group) {
    return fill(WORDS[node].at) + group.map((index) => {
        const arg = TAPE.args[node][index];
        const words = WORDS[node].edges[index];
        if (!sends(node, index)) {
            return fill(words.silent);
        }
        const edges = arrivals(arg);
        const [user, last] = edges.at(-1);
        const arrived = edges.length === 1 ? "alone" : user === node && last === index ? "several" : "more";
        return fill(words.sent + WORDS[arg][arrived], { direct: edges.length > 1 ? words.direct : "" });
    }).join(" ");
}

// What is not known before a step: values and gradients of the figure, and those of the table for who predicts them.
function makeProgress() {
    revealed = steps.map(() => []);
    const end = steps.length - 1, seed = stepOf.get("seed");
    const at = (key) => stepOf.get(key) ?? end;
    const valueAt = (node) => TAPE.kernels[node] < 0 && !WORDS[node].step ? 0 : at(`v${node}`);
    const gradientAt = (node) => Math.max(seed, ...arrivals(node).map(([user, index]) => at(`edge-${user}-${index}`)));
    const hide = (element, name, from) => element && revealed[from].push([element, name]);
    for (const group of byId("figure").querySelectorAll("g[data-role]")) {
        const { role, source, node, target } = group.dataset;
        if (role === "node") {
            hide(group, "no-gradient", gradientAt(Number(node)));
        } else if (role === "edge") {
            hide(group, "no-value", valueAt(source));
            hide(group, "no-gradient", target === undefined ? seed : at(group.id));
        }
    }
    if (isPredicting()) {
        TAPE.args.forEach((args, node) => {
            ["value", "tangent"].forEach((kind) => hide(byId(`${kind}-${node}`), "unknown", valueAt(node)));
            ["upstream", "sum"].forEach((kind) => hide(byId(`${kind}-${node}`), "unknown", gradientAt(node)));
            args.forEach((_, index) => ["local", "sent"].forEach((kind) => (
                hide(byId(`${kind}-${node}-${index}`), "unknown", at(`edge-${node}-${index}`))
            )));
        });
    }
    reached = undefined;
}

// Show what is known at this step: all of it at the end, and before the walk unless it is to be predicted.
function showProgress() {
    const end = steps.length - 1;
    const to = position === 0 && !isPredicting() ? end : position - (isAsked ? 1 : 0);
    const [from, until] = reached === undefined ? [0, end] : [Math.min(to, reached) + 1, Math.max(to, reached)];
    for (let step = from; step <= until; step += 1) {
        revealed[step].forEach(([element, name]) => element.classList.toggle(name, step > to));
    }
    reached = to;
}

function showStep(scroll) {
    const step = steps[position], last = steps.length - 1;
    const count = position === 0 ? `${last} steps` : `step ${position} of ${last}`;
    byId("phase").textContent = step.phase;
    byId("count").textContent = count;
    show(byId("sentence"), (isAsked ? step.ask : step.sentence)(), "$", "span");
    byId("sentence").tabIndex = byId("sentence").scrollHeight > byId("sentence").clientHeight ? 0 : -1; // to scroll it by keys
    byId("next").textContent = isAsked ? byId("next").dataset.ask : NEXT;
    byId("seek").max = String(last);
    byId("seek").value = String(position);
    byId("seek").setAttribute("aria-valuetext", `${step.phase}, ${count}`);
    document.querySelector("main").classList.toggle("asking", isPredicting() && position < last);
    for (const [id, end] of [["first", 0], ["previous", 0], ["next", last], ["last", last]]) {
        byId(id).setAttribute("aria-disabled", String(position === end)); // not disabled: the focus would be lost
    }
    lit.forEach((element) => element.classList.remove("now", "near"));
    lit = [...step.now.map((id) => [id, "now"]), ...step.near.map((id) => [id, "near"])].flatMap(([id, name]) => {
        byId(id)?.classList.add(name);
        return byId(id) ?? [];
    });
    showProgress();
    showProducts(isAsked ? [] : step.edges);
    if (scroll && step.look !== undefined) {
        document.documentElement.style.scrollPaddingBottom = `${byId("walk").offsetHeight + 16}px`;
        byId(step.look)?.scrollIntoView({ block: "nearest", inline: "center" });
    }
    saveAddress();
}

function go(to, scroll = true) {
    const target = Math.min(Math.max(to, 0), steps.length - 1);
    if (target !== position) {
        isAsked = isPredicting() && target > position && Boolean(steps[target].ask);
        position = target;
        byId("sentence").setAttribute("aria-live", "polite");
        showStep(scroll);
    }
}

// One step on; where numbers are to be predicted they are shown first.
function goOn() {
    if (isAsked) {
        isAsked = false;
        showStep(true);
    } else {
        go(position + 1);
    }
}

// Other steps, or the same at another point: the walk stays where it is if there is still such a place.
function remakeSteps() {
    const [key] = steps[position].keys;
    makeSteps();
    position = stepOf.get(key) ?? Math.min(position, steps.length - 1);
    isAsked &&= isPredicting() && Boolean(steps[position].ask);
    showStep(false);
}
