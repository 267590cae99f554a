// The walk: every step of both passes with its sentence and what is lit at it.

const OVERVIEW = byId("sentence").textContent;
const NEXT = byId("next").textContent;
let steps = [];
let stepOf = new Map(); // the position of every step by its keys
let flowOfSteps; // for which they were made
let position = 0;
let isAsked = false; // whether the numbers of this step are hidden until they are asked for
let revealed = []; // by step: the elements with numbers that are not known before
let reached; // the step up to which numbers are shown
let lit = [];
let hiding; // the time when the rest of the figure hides what is not known

const MANY = 100; // nodes and edges of the figure that are lit one by one
const FEW = 9, PAUSE = 200; // drawings that hide what is not known in one frame, in view or not, and milliseconds between

const isPredicting = () => byId("predict").checked;

// The kinds of steps: what is said at one, the question before it, and what is lit, looked at and multiplied there.
const KINDS = {
    overview: { phase: "Overview", sentence: () => OVERVIEW },
    inputs: {
        phase: "Forward pass",
        sentence: () => fill(DATA.inputs.sentence),
        now: ({ nodes }) => nodes.flatMap(whole),
    },
    forward: {
        phase: "Forward pass",
        sentence: ({ node }) => fill(WORDS[node].step) + (sending(node).length ? "" : remarks(node)),
        ask: ({ node }) => fill(DATA.controls.ask, { label: WORDS[node].forward[0], operation: WORDS[node].forward[1] }),
        look: ({ node }) => `node-${node}`,
        now: ({ node }) => [...whole(node), ...TAPE.args[node].map((_, index) => `edge-${node}-${index}`)],
    },
    seed: {
        phase: "Backward pass",
        sentence: () => fill(OUTPUTS[chosen].seed),
        look: ({ node }) => `edge-output-${node}`,
        now: ({ node }) => [...whole(node), `edge-output-${node}`],
    },
    backward: {
        phase: "Backward pass",
        sentence: ({ node, sent }) => backwardSentence(node, sent),
        ask: ({ node, sent }) => fill(WORDS[node].at + sent.map((index) => WORDS[node].edges[index].ask).join(" ")),
        look: ({ node, sent }) => `edge-${node}-${sent[0]}`,
        now: ({ node, sent }) => [
            statementOf(node),
            ...sent.map((index) => `node-${TAPE.args[node][index]}`),
            ...["edge", "local", "sent"].flatMap((kind) => sent.map((index) => `${kind}-${node}-${index}`)),
        ],
        near: ({ node }) => [`node-${node}`],
    },
    end: {
        phase: "Result",
        sentence: () => fill(DATA.end),
        look: () => steps.at(-2).keys[0], // where the walk has come to, also for who did not go all the way
    },
};

// What the steps depend on: which nodes are reached and which edges send something.
function flow() {
    const sent = state.passes.downstream.map((edges) => edges.map((one) => one !== undefined));
    return JSON.stringify([chosen, byId("by-node").checked, state.passes.reached, sent]);
}

const statementOf = (node) => `statement-${DATA.statements[node]}`;
const whole = (node) => [`node-${node}`, `row-${node}`, statementOf(node)];
const hasQuestion = (step) => step.kind === KINDS.backward || (step.kind === KINDS.forward && Boolean(WORDS[step.node].forward));

// The edges of a node that have a step of the backward pass.
function sending(node) {
    return state.passes.reached[node] ? [...TAPE.args[node].keys()].filter((index) => TAPE.flows[node][index]) : [];
}

// Every step: its kind, the keys that it is found by, its node, and which of the node's edges send in it.
function makeSteps() {
    const byNode = byId("by-node").checked;
    const backward = [...TAPE.args.keys()].reverse().flatMap((node) => {
        const edges = sending(node);
        const groups = byNode && edges.length ? [edges] : edges.map((index) => [index]);
        return groups.map((sent) => ({ kind: KINDS.backward, keys: sent.map((index) => `edge-${node}-${index}`), node, sent }));
    });
    const { nodes } = DATA.inputs;
    const forward = [...TAPE.args.keys()].filter((node) => WORDS[node].step);
    steps = [
        { kind: KINDS.overview, keys: ["overview"] },
        ...(nodes.length ? [{ kind: KINDS.inputs, keys: nodes.map((node) => `v${node}`), nodes }] : []),
        ...forward.map((node) => ({ kind: KINDS.forward, keys: [`v${node}`], node })),
        { kind: KINDS.seed, keys: ["seed"], node: outputNode() },
        ...backward,
        { kind: KINDS.end, keys: ["end"], node: (backward.at(-1) ?? { node: outputNode() }).node },
    ];
    stepOf = new Map(steps.flatMap(({ keys }, index) => keys.map((key) => [key, index])));
    flowOfSteps = flow();
    makeProgress();
}

// What a node sends along some of its edges.
function backwardSentence(node, sent) {
    return fill(WORDS[node].at) + sent.map((index) => {
        const arg = TAPE.args[node][index];
        const words = WORDS[node].edges[index];
        if (!sends(node, index)) {
            return fill(words.silent);
        }
        const edges = arrivals(arg);
        const [user, last] = edges.at(-1);
        const arrived = edges.length === 1 ? "alone" : user === node && last === index ? "several" : "more";
        return fill(words.sent + (WORDS[arg][arrived] ?? ""), { direct: (edges.length > 1 && node === outputNode() && words.direct) || "" });
    }).join(" ") + remarks(node);
}

// What is not known before a step: the values and gradients of the figure and of the table.
function makeProgress() {
    revealed = steps.map(() => []);
    const end = steps.length - 1, seed = stepOf.get("seed");
    const at = (key) => stepOf.get(key) ?? end;
    const valueAt = (node) => stepOf.get(`v${node}`) ?? (TAPE.kernels[node] < 0 ? 0 : end);
    const gradientAt = (node) => Math.max(seed, ...arrivals(node).map(([user, index]) => at(`edge-${user}-${index}`)));
    const hide = (element, from) => element && revealed[from].push(element);
    for (const { group, role, texts, place: [source, target, , node] } of FIGURE) {
        if (role === "node") {
            hide(texts.upstream, gradientAt(node));
        } else if (role === "edge") {
            hide(texts.value, valueAt(source));
            hide(texts.gradient, target === undefined ? seed : at(group.id));
        }
    }
    TAPE.args.forEach((args, node) => {
        ["value", "tangent"].forEach((kind) => hide(byId(`${kind}-${node}`), valueAt(node)));
        ["upstream", "sum"].forEach((kind) => hide(byId(`${kind}-${node}`), gradientAt(node)));
        args.forEach((_, index) => ["local", "sent"].forEach((kind) => (
            hide(byId(`${kind}-${node}-${index}`), at(`edge-${node}-${index}`))
        )));
    });
    reached = undefined;
}

// Have the figure hide what is not known, or show it; at one step, of a large one what is in view, the rest bit by bit.
function setHiding(isOn, isStep) {
    clearTimeout(hiding);
    const waiting = HIDING.filter((one) => one.classList.contains("walked") !== isOn);
    const seen = isStep && waiting.length > FEW ? waiting.filter(isInView) : waiting;
    const others = waiting.filter((one) => !seen.includes(one));
    const goOn = (some) => {
        some.forEach((one) => one.classList.toggle("walked", isOn));
        hiding = others.length ? setTimeout(() => goOn(others.splice(0, FEW)), PAUSE) : undefined;
    };
    goOn(seen);
}

// Say of all numbers whether they are known at this step. The figure hides the others during the walk, the table from
// who predicts them.
function showProgress() {
    const to = position - (isAsked ? 1 : 0), end = steps.length - 1;
    const [from, until] = reached === undefined ? [0, end] : [Math.min(to, reached) + 1, Math.max(to, reached)];
    const told = [];
    for (let step = from; step <= until; step += 1) {
        revealed[step].forEach((element) => {
            element.classList.toggle("unknown", step > to);
            if (element.dataset.role === "upstream") {
                told.push(PART_OF.get(element.parentNode));
            }
        });
    }
    reached = to;
    const main = document.querySelector("main"), wasPredicting = main.classList.contains("predicting");
    const isNew = main.classList.toggle("predicting", isPredicting()) !== wasPredicting;
    (isNew ? FIGURE : isPredicting() ? told : []).forEach(showTitle); // they have no number that is not seen
}

// Light what a step looks at; of the figure, where that is much, by outlines over it: a class for each takes longer.
function lightUp({ kind, ...step }) {
    lit.forEach((element) => element.classList.remove("now", "near"));
    const wanted = ["now", "near"].flatMap((name) => (kind[name]?.(step) ?? []).map((id) => [name, byId(id)]));
    const drawn = wanted.filter(([, element]) => element?.ownerSVGElement).map(([, element]) => element);
    const outlined = new Set(drawn.length > MANY ? drawn : []);
    lit = wanted.filter(([, element]) => element && !outlined.has(element)).map(([name, element]) => {
        element.classList.add(name);
        return element;
    });
    byId("outlines")?.setAttribute("d", [...outlined].map(outlineOf).join(""));
}

// What a step looks at: its part of the figure, of an edge longer than the window its number; without a figure its row.
function looked(step) {
    const part = byId(step.kind.look(step)), box = byId("figure");
    if (SVG === null) {
        return byId(`row-${step.node}`);
    }
    const { width, height } = part?.getBoundingClientRect() ?? {};
    return width > box.clientWidth || height > box.clientHeight ? part.querySelector("[data-role=gradient]") ?? part : part;
}

function showStep(scroll, isStep = false) {
    const step = steps[position], last = steps.length - 1;
    const count = position === 0 ? `${last} steps` : `step ${position} of ${last}`;
    byId("phase").textContent = step.kind.phase;
    byId("count").textContent = count;
    show(byId("sentence"), (isAsked ? step.kind.ask : step.kind.sentence)(step));
    byId("next").textContent = isAsked ? byId("next").dataset.ask : NEXT;
    byId("seek").max = String(last);
    byId("seek").value = String(position);
    byId("seek").setAttribute("aria-valuetext", `${step.kind.phase}, ${count}`);
    document.querySelector("main").classList.toggle("asking", isPredicting() && position < last);
    for (const [id, end] of [["first", 0], ["previous", 0], ["next", last], ["last", last]]) {
        byId(id).setAttribute("aria-disabled", String(position === end)); // not disabled: the focus would be lost
    }
    lightUp(step);
    showProgress();
    showProducts(step.sent && !isAsked ? step.sent.map((index) => [step.node, index]) : []);
    byId("sentence").tabIndex = byId("sentence").scrollHeight > byId("sentence").clientHeight ? 0 : -1; // to scroll it by keys
    if (scroll && step.kind.look) {
        const inline = SVG === null ? "nearest" : "center";
        [looked(step), document.querySelector("#products g")].forEach((part) => part?.scrollIntoView({ block: "nearest", inline }));
    }
    setHiding(position > 0 || isPredicting(), isStep);
    saveAddress();
}

function go(to, scroll = true) {
    const target = Math.min(Math.max(to, 0), steps.length - 1);
    if (target !== position) {
        const isStep = Math.abs(target - position) === 1;
        isAsked = isPredicting() && target > position && hasQuestion(steps[target]);
        position = target;
        byId("sentence").setAttribute("aria-live", "polite");
        showStep(scroll, isStep);
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
    if (flow() !== flowOfSteps) {
        const [key] = steps[position].keys;
        makeSteps();
        position = stepOf.get(key) ?? Math.min(position, steps.length - 1);
    }
    isAsked &&= isPredicting() && hasQuestion(steps[position]);
    showStep(false);
}
