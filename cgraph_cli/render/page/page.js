// The page: it shows the numbers of a point, walks through the two passes, and computes again when the point changes.

const byId = (id) => document.getElementById(id);
const DATA = JSON.parse(byId("data").textContent);
const BODIES = DATA.bodies;
const TAPE = DATA.tape;
const WORDS = DATA.words;
const OUT = DATA.output;
const OUTPUT = TAPE.output;
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
        jacobian: DATA.jacobian.map((row) => numbers(row.gradients)),
        warnings: given.warnings,
    };
}

function computed(inputs) {
    const values = forward(TAPE, inputs);
    const outputs = DATA.jacobian.map((row) => backward(TAPE, values, row.node));
    const passes = outputs.length ? outputs.at(-1) : backward(TAPE, values, OUTPUT);
    const direction = DATA.direction === null ? null : new Map(DATA.direction.map(([node, one]) => [node, Number(one)]));
    const warnings = (outputs.length ? outputs : [passes]).flatMap((one) => warningsOf(TAPE, WORDS, values, one));
    return {
        values,
        passes,
        tangents: direction === null ? null : tangents(TAPE, passes, direction),
        jacobian: outputs.map((one) => DATA.variables.map((variable) => one.upstream[variable.node])),
        warnings: [...new Set(warnings)],
    };
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

// --- texts ---

const math = (text) => ({ math: text });
const label = (node) => WORDS[node].label;
const partial = (top, bottom) => `\u2202${top}/\u2202${bottom}`;
const upstreamSymbol = (node) => partial(OUT, label(node));

function substituted(node) {
    const parts = WORDS[node].numbers;
    if (parts === null) {
        return undefined;
    }
    return parts.map((part) => {
        if (typeof part === "string") {
            return part;
        }
        const text = short(state.values[part[0]]);
        return part[1] && text.startsWith("-") ? `(${text})` : text;
    }).join("");
}

function forwardText(node) {
    const value = short(state.values[node]);
    let text = `${label(node)} = ${WORDS[node].operation}`;
    let last = WORDS[node].operation;
    const numbers = substituted(node);
    if (numbers !== undefined && numbers !== value) {
        text += ` ${equals(...TAPE.args[node].map((arg) => state.values[arg]))} ${numbers}`;
        last = numbers;
    }
    if (WORDS[node].kind === "module" || last !== value) {
        text += ` ${equals(state.values[node])} ${value}`;
    }
    return text;
}

function localText(node, index) {
    const words = WORDS[node].edges[index];
    const local = state.passes.local[node][index];
    const formula = words.formulas[armOf(TAPE, node, index, state.values)];
    if (formula === gradientText(local) || KERNELS[TAPE.kernels[node]].chooses) {
        return `${words.symbol} ${equalTo(local)}`;
    }
    return `${words.symbol} = ${formula} ${equalTo(local)}`;
}

function productText(node, index) {
    const upstream = state.passes.upstream[node];
    const local = state.passes.local[node][index];
    const sent = state.passes.downstream[node][index];
    const sign = sent === 0 && (local === 0 || upstream === 0) ? "=" : equals(upstream, local, sent);
    return `${gradientText(upstream)}\u00b7${factor(local)} ${sign} ${gradientText(sent)}`;
}

function sentText(node, index) {
    const arg = TAPE.args[node][index];
    return sends(node, index) ? `${gradientText(state.passes.downstream[node][index])} \u2192 ${label(arg)}` : "nothing is sent";
}

// "= -4 + 3", where several downstream gradients arrive; empty where only one does.
function arrivalSum(node) {
    const sent = arrivals(node).map(([user, index]) => state.passes.downstream[user][index]);
    return sent.length > 1 ? sumText(sent) : "";
}

function resultTexts() {
    const texts = [[`${OUT} ${equals(state.values[OUTPUT])} ${short(state.values[OUTPUT])}`, "value"]];
    for (const variable of DATA.variables.slice(0, DATA.most)) {
        texts.push([`${upstreamSymbol(variable.node)} ${equalTo(state.passes.upstream[variable.node])}`, "gradient"]);
    }
    if (DATA.variables.length > DATA.most) {
        texts.push([`and ${DATA.variables.length - DATA.most} more`, "quiet"]);
    }
    if (state.tangents !== null) {
        texts.push(...DATA.along.map(([text, node]) => [`${text} ${equalTo(state.tangents[node])}`, "gradient"]));
    }
    return texts;
}

// --- steps ---

function stepsOf() {
    const found = [{ key: "overview", phase: "Overview" }];
    TAPE.kernels.forEach((kernel, node) => {
        if (kernel !== CONSTANT || WORDS[node].named || node === OUTPUT) {
            found.push({ key: `v${node}`, phase: "Forward pass", node, sentence: () => forwardSentence(node) });
        }
    });
    found.push({ key: "seed", phase: "Backward pass", seed: true, sentence: seedSentence });
    for (let node = TAPE.kernels.length - 1; node >= 0; node -= 1) {
        TAPE.args[node].forEach((arg, index) => {
            if (state.passes.reached[node] && TAPE.flows[node][index]) {
                const sentence = () => backwardSentence(node, index);
                found.push({ key: `e${node}-${index}`, phase: "Backward pass", edge: [node, index], sentence });
            }
        });
    }
    found.push({ key: "end", phase: "Result", end: true, sentence: endSentence });
    return found;
}

function overviewSentence() {
    return [
        "The graph at this point, both passes done. Next walks through the forward pass node by node, then through the ",
        "backward pass edge by edge; the arrow keys \u2190 and \u2192 do the same.",
    ];
}

function forwardSentence(node) {
    const words = WORDS[node];
    const value = `${words.label} = ${short(state.values[node])}`;
    if (words.kind === "variable") {
        return [math(words.label), " is a variable. Its value is given: ", math(value), "."];
    }
    if (words.kind === "constant") {
        return words.named ? [math(value), " is a constant."] : ["The output is the constant ", math(words.label), "."];
    }
    const how = words.kind === "module" ? ["The module ", math(words.function), " computes "] : [];
    const tangent = state.tangents === null || !TAPE.has[node] ? [] : [
        ` Its tangent is ${gradientText(state.tangents[node])}.`,
    ];
    return [...how, math(forwardText(node)), ".", ...tangent];
}

function seedSentence() {
    const seed = [math(`${partial(OUT, OUT)} = 1`), ", the gradient of the output with respect to itself."];
    if (!TAPE.has[OUTPUT]) {
        return [math(OUT), " depends on no variable: there is no gradient to send back. The seed is ", ...seed];
    }
    return ["The backward pass starts at the output with the seed ", ...seed];
}

function backwardSentence(node, index) {
    const arg = TAPE.args[node][index];
    const words = WORDS[node].edges[index];
    const start = [
        "At ", math(label(node)), " the upstream gradient is ",
        math(`${upstreamSymbol(node)} ${equalTo(state.passes.upstream[node])}`), ". ",
    ];
    if (!sends(node, index)) {
        return [...start, math(label(arg)), " is the branch not taken: nothing is sent to it."];
    }
    const which = words.which ? ` as argument ${words.which}` : "";
    return [
        ...start, "To ", math(label(arg)), `${which}: `, ...words.rule, " the local gradient is ", math(localText(node, index)),
        ...directPart(node, arg), ". The downstream gradient is upstream \u00b7 local: ", math(productText(node, index)), ".",
        ...arrivalSentence(node, index, arg),
    ];
}

// Where df/dx is the local gradient of the output and there are other ways from x to it.
function directPart(node, arg) {
    if (node !== OUTPUT || arrivals(arg).length < 2) {
        return [];
    }
    return [", the direct effect of ", math(label(arg)), " with the other arguments held fixed"];
}

// What has arrived at an argument, said at the last arrival.
function arrivalSentence(node, index, arg) {
    const edges = arrivals(arg);
    const [lastUser, lastIndex] = edges.at(-1);
    const total = state.passes.upstream[arg];
    if (lastUser !== node || lastIndex !== index) {
        return [" More arrives at ", math(label(arg)), " by other ways."];
    }
    if (edges.length > 1) {
        const sent = edges.map(([user, at]) => state.passes.downstream[user][at]);
        return [
            ` Now all ${edges.length} downstream gradients have arrived at `, math(label(arg)), ", and they add up: ",
            math(`${upstreamSymbol(arg)} ${equals(...sent)} ${sumText(sent)} ${equalTo(total)}`), ".",
        ];
    }
    if (WORDS[arg].kind === "variable") {
        return [" It is all that arrives at ", math(label(arg)), ": ", math(`${upstreamSymbol(arg)} ${equalTo(total)}`), "."];
    }
    return [];
}

function endSentence() {
    const gradients = DATA.variables.slice(0, DATA.most).flatMap((variable, index) => [
        index ? ", " : "", math(`${upstreamSymbol(variable.node)} ${equalTo(state.passes.upstream[variable.node])}`),
    ]);
    const more = DATA.variables.length > DATA.most ? [` and ${DATA.variables.length - DATA.most} more`] : [];
    const value = math(`${OUT} ${equals(state.values[OUTPUT])} ${short(state.values[OUTPUT])}`);
    if (!gradients.length) {
        return ["Both passes are done: ", value, "."];
    }
    return ["Both passes are done: ", value, ", and the gradient is ", ...gradients, ...more, "."];
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

function showSentence(element, parts) {
    const made = parts.filter((part) => part !== "").map((part) => (
        typeof part === "string" ? document.createTextNode(part) : mathElement(part.math, "span")
    ));
    element.replaceChildren(...made);
}

function showNumbers() {
    byId("result").replaceChildren(...resultTexts().flatMap(([text, kind]) => {
        const element = mathElement(text, "span");
        element.classList.add(kind);
        return [element, "\n"];
    }));
    TAPE.kernels.forEach((_, node) => {
        setText(`value-${node}`, short(state.values[node]));
        if (byId(`upstream-${node}`) !== null) {
            setText(`upstream-${node}`, gradientText(state.passes.upstream[node]));
        }
        const sum = arrivalSum(node);
        setText(`sum-${node}`, sum ? `= ${sum}` : "");
        if (state.tangents !== null && TAPE.has[node]) {
            setText(`tangent-${node}`, gradientText(state.tangents[node]));
        }
        TAPE.args[node].forEach((_, index) => {
            if (TAPE.flows[node][index]) {
                setText(`local-${node}-${index}`, localText(node, index));
                setText(`sent-${node}-${index}`, sentText(node, index));
            }
        });
    });
    DATA.variables.forEach((variable, index) => {
        setText(`gradient-${index}`, `${upstreamSymbol(variable.node)} ${equalTo(state.passes.upstream[variable.node])}`);
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
        const title = titleOf(group);
        const texts = {};
        if (group.dataset.role === "edge") {
            const source = Number(group.dataset.source);
            texts.value = shortNumber(state.values[source]);
            title.textContent = `${label(source)} = ${formatNumber(state.values[source])}`;
            if (group.dataset.target !== undefined) {
                const node = Number(group.dataset.target), index = Number(group.dataset.position);
                const flows = TAPE.flows[node][index];
                const sent = state.passes.downstream[node][index];
                const idle = !state.passes.reached[node] || (flows && sent === undefined);
                group.classList.toggle("idle", Boolean(idle));
                texts.gradient = shortNumber(sent ?? 0);
                title.textContent = `${label(source)} \u2192 ${label(node)}: ${formatNumber(state.values[source])}`;
                title.textContent += sent === undefined ? "" : `; downstream gradient ${formatNumber(sent)}`;
            }
        } else if (group.dataset.role === "node") {
            const node = Number(group.dataset.node);
            const upstream = state.passes.upstream[node];
            texts.upstream = `\u03a3 ${shortNumber(upstream)}`;
            title.textContent = `${label(node)} = ${formatNumber(state.values[node])}`;
            title.textContent += TAPE.has[node] ? `; ${upstreamSymbol(node)} = ${formatNumber(upstream)}` : "";
        }
        for (const text of group.querySelectorAll("text")) {
            if (text.dataset.role in texts) {
                text.textContent = texts[text.dataset.role];
            }
        }
    }
}

function titleOf(group) {
    let title = group.querySelector("title");
    if (title === null) {
        title = document.createElementNS("http://www.w3.org/2000/svg", "title");
        group.prepend(title);
    }
    return title;
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
    showSentence(byId("sentence"), overview ? overviewSentence() : step.sentence());
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
    state = isGiven(inputs) ? givenState() : computed(inputs);
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
