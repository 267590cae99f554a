// Values as they are typed: numbers, and what is made of numbers and constants with the operations of cgraph's table
// and those of its functions that are JavaScript's own.

const LONGEST_VALUE = 1000; // characters: deeper parentheses are not for a field
const TOKEN = /\s*(?:((?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+)?)|(\*\*|[-+*/^(),\u00b7\u00d7\u00f7\u2212])|([\p{L}_][\p{L}\p{Nd}_]*)|(\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+))\s*/yiu;
const RAISED = "\u00b2"; // before an exponent that stands above the line
const SAME = { "**": "^", "\u00b7": "*", "\u00d7": "*", "\u00f7": "/", "\u2212": "-" };

// The numbers, signs and names of a text, undefined if there is anything else.
function tokensOf(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
        const token = TOKEN.exec(text);
        if (token === null) {
            return undefined;
        }
        const [, number, sign, name, raised] = token;
        if (raised) {
            found.push(RAISED, Number(raised.normalize("NFKC").replace("\u2212", "-")));
        } else {
            found.push(number ? Number(number.replaceAll("_", "")) : sign ? SAME[sign] ?? sign : name);
        }
    }
    return found;
}

// The digits of every script, each a run of ten characters, as those of ASCII.
function inAsciiDigits(text) {
    return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
        const code = digit.codePointAt(0);
        let before = code - 1;
        while (/\p{Nd}/u.test(String.fromCodePoint(before))) {
            before -= 1;
        }
        return (code - before - 1) % 10;
    });
}

// What stands before the uncertainty in a text such as 3\u00b10.1, 3+-0.1 or 3.0(1), undefined if there is none.
function certainOf(text) {
    const whole = text.trim(), left = whole.replace(/(?<=^[-+]?[\d.]+)\([\d.]+\)/, "").split(/\u00b1|\+\/?-/)[0].trim();
    return left && left !== whole && left.split("(").length === left.split(")").length ? left : undefined;
}

// The value of a text, undefined if it has none: a sum of products of powers, a minus weaker than a power.
function valueFrom(text) {
    const plain = numberFrom(inAsciiDigits(text)), isRead = certainOf(text) === undefined && text.length <= LONGEST_VALUE;
    const tokens = isRead && tokensOf(text);
    if (plain !== undefined || !tokens) {
        return plain;
    }
    const { operators, negative, constants, functions } = DATA.values;
    const apply = (kernel, ...args) => args.includes(undefined) ? undefined : valueOf(KERNELS[kernel], args);
    const sum = () => joined(["+", "-"], () => joined(["*", "/"], signed));
    const joined = (signs, part) => {
        let value = part();
        while (signs.includes(tokens[0])) {
            value = apply(operators[tokens.shift()], value, part());
        }
        return value;
    };
    const signed = () => {
        if (tokens[0] === "-") {
            tokens.shift();
            return apply(negative, signed());
        }
        if (tokens[0] === "+") {
            tokens.shift();
            return signed();
        }
        const base = atom();
        if (tokens[0] === RAISED) {
            return apply(operators["^"], base, tokens.splice(0, 2)[1]);
        }
        return tokens[0] === "^" ? apply(operators[tokens.shift()], base, signed()) : base;
    };
    const atom = () => {
        const token = tokens.shift();
        if (token === "(") {
            const value = sum();
            return tokens.shift() === ")" ? value : undefined;
        }
        if (tokens[0] === "(" && Object.hasOwn(functions, token)) {
            const [name, count] = functions[token], args = [];
            do {
                tokens.shift();
                args.push(sum());
            } while (tokens[0] === ",");
            const isWhole = tokens.shift() === ")" && args.length === count && !args.includes(undefined);
            return isWhole ? Math[name](...args) : undefined;
        }
        return typeof token === "number" ? token : Object.hasOwn(constants, token) ? read(constants[token]) : undefined;
    };
    const value = sum();
    return tokens.length === 0 ? value : undefined;
}

// What is wrong with a text that has no value.
function problemOf(text) {
    const { comma, uncertain, value } = DATA.controls;
    const pointed = text.trim().replace(",", "."), certain = certainOf(text);
    if (certain !== undefined && valueFrom(certain) !== undefined) {
        return fill(uncertain, { text: certain });
    }
    return text.includes(",") && valueFrom(pointed) !== undefined ? fill(comma, { text: pointed }) : value;
}

// Read a field: its value, undefined where a message below the field says what is wrong with it.
function readField(field) {
    const value = valueFrom(field.value);
    field.setAttribute("aria-invalid", String(value === undefined));
    byId(field.getAttribute("aria-describedby")).textContent = value === undefined ? problemOf(field.value) : "";
    return value;
}
