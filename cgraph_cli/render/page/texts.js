// What the page knows of a point and how it says it: numbers from the passes, put into templates of cgraph's.

const byId = (id) => document.getElementById(id);
const DATA = JSON.parse(byId("data").textContent);
const BODIES = DATA.bodies;
const WHOLE = DATA.tape; // as it is computed
const TAPE = { ...WHOLE, ...DATA.folded }; // as it is shown: a sum or product of many terms is one node
const LASTS = new Map(TAPE.chains?.flatMap((links) => links.map((link) => [link, links.at(-1)]))); // by link
const WORDS = DATA.words;
const OUTPUTS = DATA.outputs.map(([node, name, shown, seed]) => ({ node, names: [name, shown], seed }));
const USERS = TAPE.args.map(() => []);
for (let node = USERS.length - 1; node >= 0; node -= 1) {
    TAPE.args[node].forEach((arg, index) => USERS[arg].push([node, index]));
}

const GIVEN = read(DATA.given);
const OWN = OUTPUTS.length - 1; // the output whose gradients cgraph shows
let chosen = OWN; // and the page
let state = gradientsShown(GIVEN);
const point = []; // the value of every variable

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
    const values = forward(WHOLE, inputs);
    const outputs = OUTPUTS.map(({ node }) => backward(WHOLE, values, node));
    const direction = DATA.direction?.map(([node, one]) => [node, Number(one)]);
    state = gradientsShown({
        values,
        all: outputs.map((one) => foldedPasses(one, TAPE.chains)),
        tangents: direction && tangents(WHOLE, values, outputs.at(-1), new Map(direction)),
        jacobian: outputs.map((one) => DATA.variables.map(([node]) => one.upstream[node])),
    });
    const findings = [
        ...absorbed([
            ...valueFindings(WHOLE, values, outputs),
            ...outputs.flatMap((one) => gradientFindings(WHOLE, values, one)),
        ], WHOLE, values, outputs),
        ...TAPE.outputs.filter((node) => !Number.isFinite(state.tangents?.[node] ?? 0)).map((node) => (
            ["directional", node, { value: state.tangents[node] }]
        )),
        ...outputs.flatMap((one) => conventions(WHOLE, values, one.reached)),
        ...notTaken(WHOLE, values),
        ...extremeLocals(state.all.at(-1)),
    ];
    state.findings = findings.map((found) => [LASTS.get(found[1]) ?? found[1], message(...found)]);
}

const warnings = (node) => [...new Set(state.findings.filter(([one]) => node === undefined || one === node).map(([, line]) => line))];

// What is to be said of a node, as sentences.
function remarks(node) {
    return warnings(node).map((line) => ` ${line[0].toUpperCase()}${line.slice(1)}.`).join("");
}

const outputNode = () => OUTPUTS[chosen].node;

// The same numbers, with the gradients of the output that is chosen.
function gradientsShown(numbers) {
    return { ...numbers, passes: numbers.all[chosen] };
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

// How the numbers that a place names are read: v3 is the value of node 3, d3.0 what its first edge sends, a3 all that
// arrives at it.
function readerOf(name) {
    const [node, index] = name.slice(1).split(".").map(Number);
    return {
        v: () => [state.values[node]],
        u: () => [state.passes.upstream[node]],
        t: () => [state.tangents[node]],
        l: () => [state.passes.local[node][index]],
        d: () => [state.passes.downstream[node][index] ?? 0],
        j: () => [state.jacobian[node][index]],
        e: () => [eta],
        o: () => [state.values[outputNode()]],
        n: () => [stepped(node)],
        a: () => arrivals(node).map(([user, at]) => state.passes.downstream[user][at]),
    }[name[0]];
}

// What stands in a place: a field, a text of its own, or numbers.
function writerOf(place) {
    const [kind, ...names] = place.split(" ");
    if (names.length && kind in TEXTS) {
        const at = names[0].split(".").map(Number);
        return () => TEXTS[kind](...at);
    }
    const readers = names.map(readerOf);
    return (fields) => place in fields ? fields[place] : WRITE[kind](...readers.flatMap((numbers) => numbers()));
}

const COMPILED = new Map(); // templates as they have been read: texts, and what writes the places between them

function fill(template = "", fields = {}) {
    if (!COMPILED.has(template)) {
        COMPILED.set(template, template.split(/\{([^}]*)\}/).map((part, index) => index % 2 ? writerOf(part) : part));
    }
    return COMPILED.get(template).map((part) => typeof part === "string" ? part : part(fields)).join("");
}

// Texts that depend on more than how a number is written.
const TEXTS = {
    output: (way) => OUTPUTS[chosen].names[way],
    // What a node computes, the same with numbers and its value; what only repeats the next is left out.
    forward(node) {
        const [label, operation, template] = WORDS[node].forward;
        const value = short(state.values[node]);
        const numbers = template === "" ? value : fill(template);
        const operands = numbers === value ? [] : TAPE.args[node].map((arg) => state.values[arg]);
        const text = `${label} = ${operation}${numbers === value ? "" : ` ${equals(...operands)} ${numbers}`}`;
        const isNew = (numbers === value ? operation : numbers) !== value || KERNELS[TAPE.kernels[node]].body !== undefined;
        const sign = equals(...(state.values[node] === 0 ? [] : operands), state.values[node]);
        return isNew ? `${text} ${sign} ${value}` : text;
    },
    local(node, index) {
        const ways = WORDS[node].edges[index].local;
        const own = state.values[node], isUndefined = () => {
            const args = TAPE.args[node].map((arg) => state.values[arg]);
            return localsOf(KERNELS[TAPE.kernels[node]], own, args)[index] === undefined;
        };
        const isNone = Number.isNaN(own) || (Number.isNaN(state.passes.local[node][index]) && isUndefined());
        return fill(isNone ? ways.at(-1) : ways[armOf(TAPE, node, index, state.values)]);
    },
    sent: (node, index) => sends(node, index) ? fill(WORDS[node].edges[index].cell) : DATA.silence,
    seed: (node) => node === outputNode() ? short(state.passes.upstream[node]) : "",
    total: (node) => arrivals(node).length > 1 ? fill(`= {sum a${node}}`) : "",
};

// The local gradients of products that no double holds, although what is sent is one.
function extremeLocals({ local, downstream }) {
    return (TAPE.chains ?? []).map((links) => links.at(-1)).flatMap((node) => TAPE.args[node].flatMap((arg, index) => {
        const factor = local[node][index], sent = downstream[node][index], isLarge = Math.abs(factor) === Infinity;
        const name = `\u2202${DATA.quoted[node].name}/\u2202${DATA.quoted[arg].name}`;
        const isExtreme = Number.isFinite(sent) && (isLarge || (factor === 0 && sent !== 0));
        return isExtreme ? [["product", node, { local: name, size: isLarge ? "large" : "small" }]] : [];
    }));
}

// The sentence of a finding; what it needs beyond its fields are the node's own words.
function message(kind, node, { arg, position, ...fields }) {
    const words = DATA.quoted[node];
    const edge = arg === undefined ? {} : {
        local: `\u2202${words.name}/\u2202${DATA.quoted[arg].name}`,
        formula: words.edges[position][armOf(WHOLE, node, position, state.values)],
    };
    const numbers = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, typeof one === "number" ? short(one) : one]));
    const { name, text, output } = words;
    const own = { name, label: name, text, output, module: words.function, point: fill(words.point), place: fill(words.place) };
    return fill(DATA.findings[kind], { ...own, ...edge, ...numbers });
}

const elementOf = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });

// A text whose marked parts are elements of their own: formulas between dollar signs, code in backticks.
function show(element, text) {
    element.replaceChildren(...text.split(/([$`][^$`]*[$`])/).map((part, index) => {
        const inside = part.slice(1, -1);
        if (index % 2 === 0 || part[0] === "`") {
            return index % 2 ? elementOf("code", inside) : part;
        }
        const made = elementOf("span");
        made.className = inside.length > LONG ? "math long" : "math";
        made.append(...inside.split(/( )/).map((word) => word === " " ? word : elementOf("span", word)));
        return made;
    }));
    return element;
}
