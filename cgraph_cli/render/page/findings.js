// What is to be said of a result, as report/nonfinite.py and report/kinks.py find it: [kind, node, fields].

// The nodes that the values of the outputs come from: not those of a branch not taken; or can come from.
function neededNodes(tape, values) {
    const needed = tape.args.map((_, node) => tape.outputs.includes(node));
    for (let node = needed.length - 1; node >= 0; node -= 1) {
        const args = tape.args[node];
        for (const arg of values && KERNELS[tape.kernels[node]]?.chooses ? [args[0], values[args[0]] !== 0 ? args[1] : args[2]] : args) {
            needed[arg] = needed[arg] || needed[node];
        }
    }
    return needed;
}

// The nodes that are finite or written as infinite: inf, and -inf or 2*inf as well.
function meantNodes(tape, values) {
    const meant = values.map((value, node) => Number.isFinite(value) || tape.symbols.includes(node));
    values.forEach((value, node) => {
        const args = tape.args[node];
        if (Math.abs(value) === Infinity && !tape.has[node] && args.some((arg) => !Number.isFinite(values[arg]))) {
            meant[node] = args.every((arg) => meant[arg]);
        }
    });
    return meant;
}

function valueFindings(tape, values, passes) {
    const found = [];
    const matters = neededNodes(tape, values), meant = meantNodes(tape, values);
    values.forEach((value, node) => {
        const args = tape.args[node];
        const at = args.map((arg) => values[arg]);
        const isFinite = at.every(Number.isFinite);
        if (Number.isFinite(value) || !matters[node] || (meant[node] && !tape.outputs.includes(node))) {
            return;
        }
        if (tape.kernels[node] === VARIABLE) {
            found.push(["input", node, { value }]);
        } else if (tape.kernels[node] === CONSTANT && !meant[node]) {
            found.push(["literal", node, { value }]);
        } else if (!at.some(Number.isNaN) && (Number.isNaN(value) || args.every((arg) => meant[arg]))) {
            const hasGradient = tape.has[node] && passes.some((one) => one.reached[node]);
            const other = Number.isNaN(value) ? "indeterminate" : "meant infinite";
            const kind = args.length && isFinite ? natureOf(tape, values, node) : other;
            const outside = kind === "domain" ? KERNELS[tape.kernels[node]].outside ?? null : null;
            const name = `${kind}${outside ? " told" : ""}${hasGradient || !Number.isNaN(value) ? "" : " constant"}`;
            found.push([name, node, outside ? { value, outside } : { value }]);
        }
    });
    return found;
}

// Whether a node is 0 where it is none in exact numbers: no factor is 0, or its function has no 0 in its range.
function vanishes(tape, values, node) {
    while (values[node] === 0) {
        const args = tape.args[node], { factors, reachesZero } = KERNELS[tape.kernels[node]] ?? {};
        if (factors === undefined || args.length === 0 || !args.every((arg) => Number.isFinite(values[arg]))) {
            return false;
        }
        if (factors === 0) {
            return !reachesZero;
        }
        const zeros = args.slice(0, factors).filter((arg) => values[arg] === 0);
        if (zeros.length !== 1) {
            return zeros.length === 0;
        }
        [node] = zeros;
    }
    return false;
}

// Why a node is not finite at finite arguments.
function natureOf(tape, values, node) {
    const kernel = KERNELS[tape.kernels[node]], args = tape.args[node].map((arg) => values[arg]);
    const found = kernel.body === undefined ? natureOfRow(kernel, args, values[node]) : natureInside(kernel, args);
    return found === "pole" && tape.args[node].some((arg) => vanishes(tape, values, arg)) ? "too small" : found;
}

function natureInside(kernel, args) {
    const tape = BODIES[kernel.body], values = moduleForward(kernel, args).slice(0, -1);
    const isNaN = Number.isNaN(values[tape.output]);
    const first = values.findIndex((one, node) => !Number.isFinite(one) && tape.args[node].length > 0
        && tape.args[node].every((arg) => Number.isFinite(values[arg])));
    if (first >= 0) {
        const found = natureOf(tape, values, first);
        return isNaN && ["pole", "too large", "too small"].includes(found) ? "indeterminate" : found;
    }
    const isLiteral = tape.constants.some(([node]) => Math.abs(values[node]) === Infinity && !tape.symbols.includes(node));
    return isNaN ? "indeterminate" : isLiteral ? "too large" : "meant infinite";
}

function natureOfRow(kernel, args, value) {
    if (Number.isNaN(value)) {
        return kernel.name === "div" && args.every((arg) => arg === 0) ? "indeterminate" : "domain";
    }
    const isEnd = (interval, arg) => !contains(interval, arg) || arg === interval.low || arg === interval.high;
    return kernel.domain.some(({ position, interval }) =>
        interval.partial ? args[position] === 0 : isEnd(interval, args[position])) ? "pole" : "too large";
}

function gradientFindings(tape, values, passes) {
    const found = [];
    const meant = meantNodes(tape, values);
    const nanArrives = new Array(values.length).fill(false);
    const isLost = Number.isNaN(values[passes.output]);
    for (let node = values.length - 1; node >= 0; node -= 1) {
        const arriving = passes.upstream[node];
        tape.args[node].forEach((arg, position) => {
            const local = passes.local[node][position];
            const sent = passes.downstream[node][position];
            nanArrives[arg] = nanArrives[arg] || Number.isNaN(sent);
            if (sent === undefined || (Number.isFinite(local) && Number.isFinite(sent))) {
                return;
            }
            const edge = { arg, position };
            const begins = Number.isFinite(values[node]) && tape.args[node].every((one) => meant[one]);
            if (!Number.isFinite(local) && begins && !(isLost && Number.isNaN(local))) {
                const sizes = [node, ...tape.args[node]].map((one) => Math.abs(values[one]));
                const infinite = sizes.every((size) => size === 0 || (size > 1e-100 && size < 1e100)) ? "pole local" : "too large local";
                found.push([Number.isNaN(local) ? "no local" : infinite, node, edge]);
            }
            const [comes, factor] = [arriving, local].map(Math.abs);
            if ((comes === 0 && factor === Infinity) || (comes === Infinity && factor === 0)) {
                found.push([factor === 0 ? "infinity times zero" : "zero times infinity", node, edge]);
            } else if (Number.isFinite(local) && Number.isFinite(arriving)) {
                found.push(["overflow", node, edge]);
            }
        });
        if (passes.reached[node] && Number.isNaN(arriving) && !nanArrives[node]) {
            found.push(["opposite infinities", node, {}]);
        }
    }
    return found;
}

// What is not finite inside, as a note where it makes no number of the result so.
function absorbed(found, tape, values, outputs) {
    const isStart = (node, all) => tape.kernels[node] === VARIABLE && all.some((one) => !Number.isFinite(one.upstream[node]));
    // All gradients of a value that is nan are nan for that.
    const known = outputs.filter((one) => !Number.isNaN(values[one.output]));
    const isWrong = (node) => isStart(node, known) || (tape.outputs.includes(node) && !Number.isFinite(values[node]));
    const matters = neededNodes(tape, values), reaches = [], spreads = [];
    tape.args.forEach((args, node) => {
        reaches.push(isStart(node, outputs) || args.some((arg) => reaches[arg]));
        spreads.push((tape.kernels[node] === VARIABLE && isWrong(node)) || args.some((arg) => spreads[arg]));
    });
    for (let node = values.length - 1; node >= 0; node -= 1) {
        spreads[node] = spreads[node] || isWrong(node);
        for (const arg of spreads[node] ? tape.args[node] : []) {
            spreads[arg] = spreads[arg] || (matters[arg] && !Number.isFinite(values[arg]));
        }
    }
    return found.map(([kind, node, fields]) => {
        const name = [`${kind} absorbed`, `${kind} constant absorbed`].find((one) => one in DATA.findings);
        const counts = fields.arg === undefined && kind !== "opposite infinities" ? spreads[node] : reaches[node];
        return [counts || name === undefined ? kind : name, node, fields];
    });
}

// The first node that is not finite, at finite arguments, in a branch that is not taken; not one that a module writes
// as infinite.
function notTaken(tape, values) {
    const matters = neededNodes(tape, values), used = neededNodes(tape);
    for (let node = 0; node < values.length; node += 1) {
        const args = tape.args[node], value = values[node], isApart = used[node] && !matters[node] && args.length > 0;
        const kind = isApart && !Number.isFinite(value) && args.every((arg) => Number.isFinite(values[arg]))
            ? natureOf(tape, values, node) : "meant infinite";
        if (kind !== "meant infinite") {
            return [[`${kind} not taken`, node, { value }]];
        }
    }
    return [];
}

// Every node that stands on a kink of its function, or answers outside its declared domain.
function conventions(tape, values, reached) {
    const found = [];
    const matters = neededNodes(tape, values);
    tape.kernels.forEach((number, node) => {
        const kernel = KERNELS[number];
        const args = tape.args[node].map((arg) => values[arg]);
        if (kernel === undefined || !matters[node]) {
            return;
        }
        if (kernel.body !== undefined) {
            found.push(...insideOf(kernel, args).map(([kind, fields]) => [kind, node, fields]));
            return;
        }
        const takesPart = (reached[node] || kernel.compares) && tape.args[node].some((arg) => tape.has[arg]);
        if (takesPart && (kernel.kink(values[node], ...args)[0] ?? 0) !== 0) {
            found.push([kernel.compares ? "switch" : "kink", node, { function: kernel.name, convention: kernel.convention }]);
        }
        const isNone = args.map((arg) => Number.isNaN(arg));
        if (kernel.compares && isNone.includes(true)) {
            found.push(["nan compared", node, { truth: values[node] === 0 ? "false" : "true" }]);
        } else if (kernel.chooses && isNone[0]) {
            found.push(["nan chosen", node, {}]);
        }
        for (const { position, interval, words } of Number.isFinite(values[node]) ? kernel.domain : []) {
            if (!interval.partial && !contains(interval, args[position])) {
                found.push(["out of domain", node, { function: kernel.name, value: args[position], ...words }]);
            }
        }
    });
    return found;
}

// The first finding of each kind inside a module, by its kind.
function insideOf(kernel, args) {
    const tape = BODIES[kernel.body];
    const values = moduleForward(kernel, args).slice(0, -1);
    const first = new Map();
    for (const [kind, , fields] of conventions(tape, values, backward(tape, values, tape.output).reached)) {
        const inside = INSIDE[kind] ?? kind;
        first.set(inside, first.get(inside) ?? fields);
    }
    return [...first];
}

function contains({ low, high, closed, absolute, poles }, number) {
    if (poles && number <= 0 && number % 1 === 0) {
        return false;
    }
    const size = absolute ? Math.abs(number) : number;
    const fromBelow = closed || low === -Infinity ? low <= size : low < size;
    return fromBelow && (closed || high === Infinity ? size <= high : size < high);
}
