// The page: it shows the numbers of a point, walks through the two passes, and computes again when the point changes.

const byId = (id) => document.getElementById(id);
const DATA = JSON.parse(byId("data").textContent);
const BODIES = DATA.bodies;
const TAPE = DATA.tape;
const WORDS = DATA.words;
const OUTPUT = TAPE.output;
const OVERVIEW = byId("sentence").textContent;
const USERS = usersOf(TAPE);

let state = givenState();
let steps = [];
let position = 0;

// --- numbers ---

function usersOf(tape) {
    const users = tape.args.map(() => []);
    for (let node = tape.args.length - 1; node >= 0; node -= 1) {
        tape.args[node].forEach((arg, index) => users[arg].push([node, index]));
    }
    return users;
}

// The numbers that cgraph computed.
function givenState() {
    const numbers = (list) => list.map((one) => (one === null ? undefined : Number(one)));
    const given = DATA.given;
    const passes = {
        upstream: numbers(given.upstream),
        reached: given.reached.map(Boolean),
        local: given.local.map(numbers),
        downstream: given.downstream.map(numbers),
    };
    return {
        values: numbers(given.values),
        passes,
        tangents: given.tangents === null ? null : numbers(given.tangents),
        jacobian: given.jacobian.map(numbers),
        warnings: given.warnings,
    };
}

// The numbers at another point, from the same passes.
function compute(inputs) {
    const values = forward(TAPE, inputs);
    const outputs = TAPE.outputs.map((node) => backward(TAPE, values, node));
    const direction = DATA.direction === null ? null : new Map(DATA.direction.map(([node, one]) => [node, Number(one)]));
    const passes = outputs.at(-1);
    state = {
        values,
        passes,
        tangents: direction === null ? null : tangents(TAPE, passes, direction),
        jacobian: outputs.map((one) => DATA.variables.map((variable) => one.upstream[variable.node])),
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

function isGiven(inputs) {
    return DATA.variables.every((variable) => Object.is(inputs.get(variable.node), Number(variable.value)));
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
    exact: formatNumber,
    slope: (value) => formatNumber(value + 0),
    value: short,
    operand: (value) => inParentheses(short(value)),
    power: raised,
    number: gradientText,
    factor: (value) => inParentheses(gradientText(value)),
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
        a: () => arrivals(node).map(([user, at]) => state.passes.downstream[user][at]),
    }[name[0]]();
}

function fill(template, fields = {}) {
    return template.replace(/\{([^}]*)\}/g, (_, place) => {
        if (place in fields) {
            return fields[place];
        }
        const [kind, ...names] = place.split(" ");
        if (kind === "forward") {
            return forwardText(Number(names[0]));
        }
        if (kind === "local") {
            return localText(...names[0].split(".").map(Number));
        }
        return WRITE[kind](...names.flatMap(numbersAt));
    });
}

// What a node computes, the same with numbers and its value; what only repeats the next is left out.
function forwardText(node) {
    const [label, operation, template] = WORDS[node].forward;
    const value = short(state.values[node]);
    const numbers = template === null ? value : fill(template);
    let text = `${label} = ${operation}`;
    if (numbers !== value) {
        text += ` ${equals(...TAPE.args[node].map((arg) => state.values[arg]))} ${numbers}`;
    }
    const last = numbers === value ? operation : numbers;
    return last === value && KERNELS[TAPE.kernels[node]].body === undefined ? text : `${text} ${equals(state.values[node])} ${value}`;
}

function localText(node, index) {
    const ways = WORDS[node].edges[index].local;
    return fill(Number.isNaN(state.values[node]) ? ways.at(-1) : ways[armOf(TAPE, node, index, state.values)]);
}

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

function stepsOf() {
    const found = [{ key: "overview", phase: "Overview" }];
    TAPE.kernels.forEach((_, node) => {
        if (WORDS[node].step) {
            found.push({ key: `v${node}`, phase: "Forward pass", node, sentence: () => fill(WORDS[node].step) });
        }
    });
    found.push({ key: "seed", phase: "Backward pass", seed: true, sentence: () => fill(DATA.seed) });
    for (let node = TAPE.kernels.length - 1; node >= 0; node -= 1) {
        TAPE.args[node].forEach((arg, index) => {
            if (state.passes.reached[node] && TAPE.flows[node][index]) {
                const sentence = () => backwardSentence(node, index);
                found.push({ key: `e${node}-${index}`, phase: "Backward pass", edge: [node, index], sentence });
            }
        });
    }
    found.push({ key: "end", phase: "Result", end: true, sentence: () => fill(DATA.end) });
    return found;
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

function setText(id, text) {
    const element = byId(id);
    if (element !== null && element.textContent !== text) {
        element.textContent = text;
    }
}

function mathElement(text, tag) {
    const element = document.createElement(tag);
    element.className = text.length > 36 ? "math long" : "math";
    element.textContent = text;
    return element;
}

// A text of words and formulas, the formulas between dollar signs.
function showSentence(element, text) {
    element.replaceChildren(...text.split("$").map((part, index) => (
        index % 2 ? mathElement(part, "span") : document.createTextNode(part)
    )));
}

function showNumbers() {
    byId("result").replaceChildren(...DATA.results.flatMap(([text, kind]) => {
        const element = mathElement(fill(text), "span");
        element.classList.add(kind);
        return [element, "\n"];
    }));
    TAPE.kernels.forEach((_, node) => {
        setText(`value-${node}`, short(state.values[node]));
        if (byId(`upstream-${node}`) !== null) {
            setText(`upstream-${node}`, gradientText(state.passes.upstream[node]));
        }
        setText(`sum-${node}`, arrivals(node).length > 1 ? fill(`= {sum a${node}}`) : "");
        if (state.tangents !== null && TAPE.has[node]) {
            setText(`tangent-${node}`, gradientText(state.tangents[node]));
        }
        TAPE.args[node].forEach((_, index) => {
            if (TAPE.flows[node][index]) {
                setText(`local-${node}-${index}`, localText(node, index));
                setText(`sent-${node}-${index}`, sends(node, index) ? fill(WORDS[node].edges[index].cell) : DATA.silence);
            }
        });
    });
    DATA.variables.forEach((variable, index) => {
        setText(`gradient-${index}`, fill(variable.slope));
    });
    state.jacobian.forEach((row, one) => {
        row.forEach((gradient, other) => setText(`jacobian-${one}-${other}`, gradientText(gradient)));
    });
    byId("warnings-section").hidden = state.warnings.length === 0;
    byId("warnings").replaceChildren(...state.warnings.map((text) => {
        const item = document.createElement("li");
        item.append(...text.split("`").map((part, index) => {
            const element = index % 2 ? document.createElement("code") : document.createTextNode(part);
            element.textContent = part;
            return element;
        }));
        return item;
    }));
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

// What is known at a step: values of some nodes, gradients of some edges.
function showProgress() {
    const step = steps[position];
    const all = step.key === "overview" || step.end === true;
    const known = { values: new Set(), edges: new Set(), seed: all };
    for (const one of all ? steps : steps.slice(0, position + 1)) {
        if (one.node !== undefined) {
            known.values.add(one.node);
        } else if (one.edge !== undefined) {
            known.edges.add(one.edge.join("-"));
        }
        known.seed = known.seed || one.seed === true;
    }
    for (const group of byId("figure").querySelectorAll("g[data-role]")) {
        const { role, source, target } = group.dataset;
        if (role === "edge") {
            const node = Number(source);
            group.classList.toggle("no-value", !all && TAPE.kernels[node] !== CONSTANT && !known.values.has(node));
            const has = target === undefined ? known.seed : known.edges.has(`${target}-${group.dataset.position}`);
            group.classList.toggle("no-gradient", !all && !has);
        } else if (role === "node") {
            const node = Number(group.dataset.node);
            const has = arrivals(node).every(([user, index]) => known.edges.has(`${user}-${index}`));
            group.classList.toggle("no-gradient", !all && !(has && known.seed));
        }
    }
}

function showStep(scroll) {
    const step = steps[position];
    const overview = step.key === "overview";
    setText("phase", step.phase);
    setText("count", overview ? `${steps.length - 1} steps` : `step ${position} of ${steps.length - 1}`);
    showSentence(byId("sentence"), overview ? OVERVIEW : step.sentence());
    byId("done").style.width = `${(100 * position) / (steps.length - 1)}%`;
    for (const [id, disabled] of [["first", position === 0], ["previous", position === 0],
        ["next", position === steps.length - 1], ["last", position === steps.length - 1]]) {
        byId(id).setAttribute("aria-disabled", String(disabled)); // not disabled: the focus would be lost
    }
    for (const element of document.querySelectorAll(".now, .near")) {
        element.classList.remove("now", "near");
    }
    showProgress();
    const lit = light(step);
    if (scroll && lit !== null) {
        document.documentElement.style.scrollPaddingBottom = `${byId("walk").offsetHeight + 16}px`;
        lit.scrollIntoView({ block: "nearest", inline: "center" });
    }
}

// Light what a step is about, and return the part of the figure to look at.
function light(step) {
    const mark = (id, how) => byId(id)?.classList.add(how);
    if (step.node !== undefined) {
        mark(`node-${step.node}`, "now");
        mark(`row-${step.node}`, "now");
        TAPE.args[step.node].forEach((_, index) => mark(`edge-${step.node}-${index}`, "now"));
        return byId(`node-${step.node}`);
    }
    if (step.seed) {
        mark(`node-${OUTPUT}`, "now");
        mark(`edge-output-${OUTPUT}`, "now");
        mark(`row-${OUTPUT}`, "now");
        return byId(`edge-output-${OUTPUT}`);
    }
    if (step.edge !== undefined) {
        const [node, index] = step.edge;
        mark(`node-${node}`, "near");
        mark(`node-${TAPE.args[node][index]}`, "now");
        for (const part of ["edge", "local", "sent"]) {
            mark(`${part}-${node}-${index}`, "now");
        }
        return byId(`edge-${node}-${index}`);
    }
    return null;
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
    const inputs = new Map(DATA.variables.map((variable) => [variable.node, variable.current]));
    if (isGiven(inputs)) {
        state = givenState();
    } else {
        compute(inputs);
    }
    const key = steps[position].key;
    steps = stepsOf();
    const same = steps.findIndex((step) => step.key === key);
    position = same >= 0 ? same : Math.min(position, steps.length - 1);
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
    slider.disabled = false;
    if (!slider.max || size > Number(slider.max)) {
        const most = size === 0 ? 1 : roundUp(2 * size);
        slider.min = String(-most);
        slider.max = String(most);
        slider.step = String(Number((most / 100).toPrecision(2)));
    }
    slider.value = String(value);
}

function setUpVariable(variable, index) {
    const field = byId(`field-${index}`), slider = byId(`slider-${index}`);
    const given = Number(variable.value);
    const set = (value) => {
        variable.current = value;
        slider.setAttribute("aria-valuetext", formatNumber(value));
    };
    set(given);
    slider.removeAttribute("min");
    slider.removeAttribute("max");
    fitSlider(slider, given);
    slider.hidden = false;
    field.readOnly = false;
    field.addEventListener("input", () => {
        const value = numberFrom(field.value);
        field.setAttribute("aria-invalid", String(value === undefined));
        if (value !== undefined) {
            set(value);
            fitSlider(slider, value);
            recompute();
        }
    });
    field.addEventListener("change", () => {
        field.value = formatNumber(variable.current);
        field.setAttribute("aria-invalid", "false");
    });
    slider.addEventListener("input", () => {
        const value = Number(slider.value);
        set(value);
        field.value = formatNumber(value);
        field.setAttribute("aria-invalid", "false");
        recompute();
    });
    return () => {
        set(given);
        field.value = formatNumber(given);
        field.setAttribute("aria-invalid", "false");
        fitSlider(slider, given);
    };
}

function isTyping(element) {
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

steps = stepsOf();
const resets = DATA.variables.map(setUpVariable);
byId("reset")?.addEventListener("click", () => {
    resets.forEach((reset) => reset());
    recompute();
});
byId("first").addEventListener("click", () => go(0));
byId("previous").addEventListener("click", () => go(position - 1));
byId("next").addEventListener("click", () => go(position + 1));
byId("last").addEventListener("click", () => go(steps.length - 1));
document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target)) {
        return;
    }
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        event.preventDefault();
        go(position + (event.key === "ArrowRight" ? 1 : -1));
    }
});
showNumbers();
showStep(false);
