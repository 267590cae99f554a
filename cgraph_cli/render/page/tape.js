// The passes over a tape, as the engine makes them.

const VARIABLE = -1, CONSTANT = -2;

function valueOf(kernel, args) {
    return kernel.body === undefined ? kernel.value(...args)[0] : moduleForward(kernel, args).at(-1);
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
        const sends = Number.isNaN(own) ? {} : kernel.sends(own, ...args);
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
// along a branch not taken is not taken. Where the output is nan, all that it depends on is sent nan.
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
    const isLost = Number.isNaN(values[output]);
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
            const isTaken = locals[position] !== undefined;
            if (!tape.flows[node][position] || !(isTaken || isLost)) {
                return;
            }
            const local = isTaken ? locals[position] : NaN;
            passes.local[node][position] = local;
            passes.taken[node][position] = isTaken;
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

// The same at the edges of the nodes that are shown: a term's local gradient is the product of those on its way, from
// the last link of its chain down to the term.
function foldedPasses(passes, chains = []) {
    const local = [...passes.local], downstream = [...passes.downstream];
    for (const links of chains) {
        const locals = [], sent = [];
        let way = 1;
        for (const link of [...links].reverse()) {
            locals.push(way * passes.local[link][1]);
            sent.push(passes.downstream[link][1]);
            way *= passes.local[link][0];
        }
        local[links.at(-1)] = [...locals, way].reverse();
        downstream[links.at(-1)] = [...sent, passes.downstream[links[0]][0]].reverse();
    }
    return { ...passes, local, downstream };
}

// The tangent of every node for a direction. What moves with no name of it sends nothing; what is nan and depends on one
// has the tangent nan.
function tangents(tape, values, passes, direction) {
    const found = new Array(tape.kernels.length).fill(0);
    const moves = new Array(tape.kernels.length).fill(false);
    const depends = new Array(tape.kernels.length).fill(false);
    tape.kernels.forEach((number, node) => {
        if (number === VARIABLE) {
            found[node] = direction.get(node) ?? 0;
            moves[node] = depends[node] = direction.has(node);
        }
        tape.args[node].forEach((arg, position) => {
            if (moves[arg] && passes.taken[node][position]) {
                found[node] += passes.local[node][position] * found[arg];
                moves[node] = true;
            }
            depends[node] = depends[node] || (depends[arg] && tape.flows[node][position]);
        });
        if (depends[node] && number !== VARIABLE && Number.isNaN(values[node])) {
            found[node] = NaN;
        }
    });
    return found;
}

// Which limit stands in the place of a local gradient's formula: 0 for the formula itself, n for the n-th limit.
function armOf(tape, node, position, values) {
    const found = KERNELS[tape.kernels[node]].limits?.(values[node], ...tape.args[node].map((arg) => values[arg])) ?? {};
    let index = 0;
    while (`${position} ${index}` in found) {
        if (found[`${position} ${index}`] !== 0) {
            return index + 1;
        }
        index += 1;
    }
    return 0;
}
