// The two passes over a tape, as the engine makes them, and what is to be said of their result.

const VARIABLE = -1, CONSTANT = -2;

function valueOf(kernel, args) {
    return kernel.body === undefined ? kernel.value(...args) : moduleForward(kernel, args).at(-1);
}

function moduleForward(kernel, args) {
    const tape = BODIES[kernel.body];
    const values = forward(tape, new Map(tape.parameters.map((node, index) => [node, args[index]])));
    return [...values, values[tape.output]];
}

// The local gradients, undefined for an argument that has none or is a branch not taken; nan where the value is nan.
function localsOf(kernel, own, args) {
    if (kernel.body === undefined) {
        const found = kernel.local(own, ...args);
        const sends = kernel.sends === undefined || Number.isNaN(own) ? {} : kernel.sends(own, ...args);
        return args.map((_, position) => {
            const local = sends[position] === 0 ? undefined : found[position];
            return local !== undefined && Number.isNaN(own) ? NaN : local;
        });
    }
    const tape = BODIES[kernel.body];
    const passes = backward(tape, moduleForward(kernel, args), tape.output);
    return tape.parameters.map((node) => passes.reached[node] ? passes.upstream[node] : undefined);
}

// The value of every node.
function forward(tape, inputs) {
    const values = new Array(tape.kernels.length).fill(0);
    for (const [node, value] of tape.constants) {
        values[node] = Number(value);
    }
    tape.kernels.forEach((kernel, node) => {
        if (kernel === VARIABLE) {
            values[node] = inputs.get(node);
        } else if (kernel !== CONSTANT) {
            values[node] = valueOf(KERNELS[kernel], tape.args[node].map((arg) => values[arg]));
        }
    });
    return values;
}

// Upstream per node, local and downstream per edge; an edge that sends nothing has no downstream gradient, and one
// along a branch not taken is not taken.
function backward(tape, values, output) {
    const size = tape.kernels.length;
    const passes = {
        output,
        upstream: new Array(size).fill(0),
        reached: new Array(size).fill(false),
        local: tape.args.map((args) => args.map(() => 0)),
        taken: tape.args.map((args) => args.map(() => false)),
        downstream: tape.args.map((args) => args.map(() => undefined)),
    };
    passes.upstream[output] = 1;
    passes.reached[output] = true;
    for (let node = size - 1; node >= 0; node -= 1) {
        const args = tape.args[node];
        if (!tape.has[node] || !args.length) {
            continue;
        }
        const kernel = KERNELS[tape.kernels[node]];
        const locals = localsOf(kernel, values[node], args.map((arg) => values[arg]));
        args.forEach((arg, position) => {
            const local = locals[position];
            if (!tape.flows[node][position] || local === undefined) {
                return;
            }
            passes.local[node][position] = local;
            passes.taken[node][position] = true;
            if (passes.reached[node]) {
                const sent = passes.upstream[node] * local;
                passes.downstream[node][position] = sent;
                passes.upstream[arg] += sent;
                passes.reached[arg] = true;
            }
        });
    }
    return passes;
}

// The tangent of every node for a direction. What moves with no name of it sends nothing.
function tangents(tape, passes, direction) {
    const found = new Array(tape.kernels.length).fill(0);
    const moves = new Array(tape.kernels.length).fill(false);
    tape.kernels.forEach((number, node) => {
        if (number === VARIABLE) {
            found[node] = direction.get(node) ?? 0;
            moves[node] = found[node] !== 0;
        }
        tape.args[node].forEach((arg, position) => {
            if (moves[arg] && passes.taken[node][position]) {
                found[node] += passes.local[node][position] * found[arg];
                moves[node] = true;
            }
        });
    });
    return found;
}

// Which limit stands in the place of a local gradient's formula: 0 for the formula itself, n for the n-th limit.
function limitOf(kernel, position, own, args) {
    if (kernel.limits === undefined) {
        return 0;
    }
    const found = kernel.limits(own, ...args);
    for (let index = 0; `${position} ${index}` in found; index += 1) {
        if (found[`${position} ${index}`] !== 0) {
            return index + 1;
        }
    }
    return 0;
}

// The kernel that has a kink here: the operation itself or one inside a module; undefined at a smooth point.
function kinkOf(kernel, own, args) {
    if (kernel.body === undefined) {
        return kernel.kink !== undefined && kernel.kink(own, ...args)[0] !== 0 ? kernel : undefined;
    }
    const tape = BODIES[kernel.body];
    const values = moduleForward(kernel, args);
    for (let node = 0; node < tape.kernels.length; node += 1) {
        if (tape.args[node].some((arg) => tape.has[arg])) {
            const found = kinkOf(KERNELS[tape.kernels[node]], values[node], tape.args[node].map((arg) => values[arg]));
            if (found !== undefined) {
                return found;
            }
        }
    }
    return undefined;
}

// --- warnings, in the words of cgraph ---

function pointText(tape, words, node, values) {
    const seen = [...new Set(tape.args[node])].filter((arg) => tape.kernels[arg] !== CONSTANT);
    const shown = seen.slice(0, 4).map((arg) => `${words[arg].name} = ${formatNumber(values[arg])}`).join(", ");
    return shown + (seen.length > 4 ? ", \u2026" : "");
}

function placeText(tape, words, node, values) {
    const point = pointText(tape, words, node, values);
    return `\`${words[node].name} = ${words[node].plain}\`${point ? ` at ${point}` : ""}`;
}

function warningsOf(tape, words, values, passes) {
    return [
        ...valueWarnings(tape, words, values, passes),
        ...gradientWarnings(tape, words, values, passes),
        ...kinkWarnings(tape, words, values, passes),
    ];
}

// The nodes that the value of the output comes from: not those of a branch not taken.
function neededNodes(tape, values, output) {
    const needed = values.map((_, node) => node === output);
    for (let node = output; node >= 0; node -= 1) {
        const args = tape.args[node];
        if (!needed[node] || !args.length) {
            continue;
        }
        const isWhere = KERNELS[tape.kernels[node]].conditional === true;
        for (const arg of isWhere ? [args[0], values[args[0]] !== 0 ? args[1] : args[2]] : args) {
            needed[arg] = true;
        }
    }
    return needed;
}

function valueWarnings(tape, words, values, passes) {
    const found = [];
    const needed = neededNodes(tape, values, passes.output);
    values.forEach((value, node) => {
        if (Number.isFinite(value) || !needed[node] || tape.kernels[node] === CONSTANT) {
            return;
        }
        if (tape.kernels[node] === VARIABLE) {
            found.push(`\`${words[node].name}\` was given as ${special(value)}`);
            return;
        }
        const args = tape.args[node].map((arg) => values[arg]);
        if (args.some(Number.isNaN)) {
            return;
        }
        const place = placeText(tape, words, node, values);
        const isFinite = args.every(Number.isFinite);
        if (Number.isNaN(value)) {
            const what = isFinite ? "is not defined: the value is nan" : "has no value: it is nan";
            found.push(`${place} ${what}${tape.has[node] && passes.reached[node] ? ", so the gradients are" : ""}`);
        } else if (isFinite) {
            found.push(`${place} is ${special(value)}: a pole, or too large for a double`);
        }
    });
    return found;
}

function gradientWarnings(tape, words, values, passes) {
    const found = [];
    const nanArrives = new Array(values.length).fill(false);
    for (let node = values.length - 1; node >= 0; node -= 1) {
        if (!passes.reached[node]) {
            continue;
        }
        const arriving = passes.upstream[node];
        tape.args[node].forEach((arg, position) => {
            if (!tape.flows[node][position]) {
                return;
            }
            const local = passes.local[node][position];
            const sent = passes.downstream[node][position] ?? 0;
            nanArrives[arg] = nanArrives[arg] || Number.isNaN(sent);
            const name = `\u2202${words[node].name}/\u2202${words[arg].name}`;
            const arm = armOf(tape, node, position, values);
            const formula = words[node].edges[position].plain[arm];
            if (!Number.isFinite(local) && [node, ...tape.args[node]].every((one) => Number.isFinite(values[one]))) {
                const how = Number.isNaN(local) ? "does not exist" : "is infinite";
                found.push(`the local gradient ${name} = ${formula} ${how} at ${pointText(tape, words, node, values)}`);
            }
            if (arriving === 0 && Math.abs(local) === Infinity) {
                found.push(
                    `at \`${words[node].name}\` the upstream gradient 0 meets the infinite local gradient ${name}: 0*inf is nan`,
                );
            } else if (Number.isFinite(local) && Number.isFinite(arriving) && !Number.isFinite(sent)) {
                found.push(`upstream times local gradient ${name} overflows`);
            }
        });
        if (Number.isNaN(arriving) && !nanArrives[node]) {
            found.push(
                `the downstream gradients that meet at \`${words[node].name}\` are infinities of both signs: nan`,
            );
        }
    }
    return found;
}

function armOf(tape, node, position, values) {
    return limitOf(KERNELS[tape.kernels[node]], position, values[node], tape.args[node].map((arg) => values[arg]));
}

function kinkWarnings(tape, words, values, passes) {
    const found = [];
    tape.kernels.forEach((number, node) => {
        const args = tape.args[node];
        if (number < 0 || !args.some((arg) => tape.has[arg])) {
            return;
        }
        const kernel = KERNELS[number];
        const isComparison = kernel.compares === true;
        if (!passes.reached[node] && !isComparison) {
            return;
        }
        const inner = kinkOf(kernel, values[node], args.map((arg) => values[arg]));
        if (inner !== undefined) {
            const place = placeText(tape, words, node, values);
            const where = inner === kernel ? "" : ` inside \`${words[node].function}\``;
            found.push(
                isComparison
                    ? `${place} is exactly where the comparison changes: ${inner.convention}`
                    : `${place} is a kink${where} of \`${inner.name}\`: ${inner.convention}`,
            );
        }
    });
    return found;
}
