// Gradient descent by hand: every chosen weight goes against its gradient, and the output leaves a trace.

let eta = 0.1;
let trace = []; // the output before the first step and after each

function isWeight(index) {
    return byId(`weight-${index}`).checked;
}

// The value of a variable after a step.
function stepped(node) {
    return state.values[node] - eta * state.passes.upstream[node];
}

// Why no step can be taken, empty if one can.
function whyNot() {
    const chosen = DATA.variables.filter((_, index) => isWeight(index));
    if (byId("eta").getAttribute("aria-invalid") === "true") {
        return DATA.descent.eta;
    }
    const stuck = chosen.find(([node]) => !Number.isFinite(stepped(node)));
    return chosen.length === 0 ? DATA.descent.none : stuck ? DATA.descent.stuck[DATA.variables.indexOf(stuck)] : "";
}

// Take steps, as many as are possible; what is left in the fields is where they lead.
function descend(count) {
    let problem = "";
    const output = () => state.values[outputNode()];
    trace = trace.length ? trace : [output()];
    for (let step = 0; step < count && problem === ""; step += 1) {
        problem = whyNot();
        if (problem === "") {
            const values = DATA.variables.map(([node], index) => isWeight(index) ? stepped(node) : point[index]);
            values.forEach((value, index) => setVariable[index](value, STEP));
            compute(new Map(DATA.variables.map(([node], index) => [node, point[index]])));
            trace.push(output());
        }
    }
    showTrace(problem || (trace.at(-1) > trace.at(-2) ? DATA.descent.rose : ""));
    recompute(byId("told").textContent);
}

function showTrace(remark = "") {
    const steps = trace.length - 1;
    byId("trace").toggleAttribute("hidden", steps < 1);
    const told = steps < 1 ? "" : fill(DATA.descent[steps === 1 ? "one" : "many"], { steps, first: short(trace[0]), last: short(trace.at(-1)) });
    byId("told").textContent = [told, fill(remark)].filter(Boolean).join(" ");
    byId("told").classList.toggle("warned", remark !== "");
    if (steps >= 1) {
        plotTrace(byId("trace"), trace);
        byId("trace").setAttribute("aria-label", told);
    }
}

// A point that was chosen otherwise begins a new trace.
function forgetTrace() {
    if (trace.length) {
        trace = [];
        showTrace();
    }
}

function setUpDescent() {
    const section = byId("descent-section"), field = byId("eta");
    if (section === null) {
        return;
    }
    section.hidden = false;
    field.addEventListener("input", () => {
        const value = readField(field);
        field.setAttribute("aria-invalid", String(!Number.isFinite(value)));
        eta = Number.isFinite(value) ? value : eta;
        showNumbers();
    });
    DATA.variables.forEach((_, index) => byId(`weight-${index}`).addEventListener("change", showWeights));
    byId("descend").addEventListener("click", () => descend(1));
    byId("descend-more").addEventListener("click", () => descend(10));
    showWeights();
}

function showWeights() {
    DATA.variables.forEach((_, index) => byId(`weight-${index}`).closest("li").classList.toggle("idle", !isWeight(index)));
}
