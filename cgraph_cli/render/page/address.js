// The state in the address, "#step=7&by=node&at=x=-2,y=5": a link leads to this step at this point; "x=-2" alone is read too.

const PARTS = ["step", "by", "predict", "output", "view", "at"];
let saving;

function addressOf() {
    const parts = position === 0 ? [] : [`step=${position}`];
    if (byId("by-node").checked) {
        parts.push("by=node");
    }
    if (isPredicting()) {
        parts.push("predict=on");
    }
    if (chosen !== OWN) {
        parts.push(`output=${encodeURIComponent(OUTPUTS[chosen].names[0])}`);
    }
    if (isFull()) {
        parts.push("view=full");
    }
    if (!isGiven()) {
        const pairs = DATA.variables.map(([, , name], index) => `${encodeURIComponent(name)}=${formatNumber(point[index] + 0)}`);
        parts.push(`at=${pairs.join(",")}`);
    }
    return `#${parts.join("&")}`;
}

// Browsers allow few changes a second.
function saveAddress() {
    clearTimeout(saving);
    saving = setTimeout(() => {
        if ((location.hash || "#") !== addressOf()) {
            history.replaceState(null, "", addressOf());
        }
    }, 150);
}

// What follows the first sign "=" and what is before it.
function pair(text) {
    const end = text.indexOf("=");
    return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}

// Go where the address says; what cannot be done is said.
function loadAddress() {
    const parts = new Map(location.hash.slice(1).split("&").filter(Boolean).map(pair));
    const problems = [];
    byId("by-node").checked = parts.get("by") === "node";
    byId("predict").checked = parts.get("predict") === "on";
    setFull(parts.get("view") === "full");
    DATA.variables.forEach(([, text], index) => setVariable[index](Number(text)));
    const values = (parts.get("at") ?? "").split(",").filter(Boolean).map(pair);
    for (const [name, text] of [...values, ...[...parts].filter(([name]) => !PARTS.includes(name))]) {
        const index = DATA.variables.findIndex(([, , one]) => encodeURIComponent(one) === name || one === name);
        const value = valueFrom(decoded(text));
        if (index < 0 || value === undefined) {
            problems.push(fill(DATA.controls[index < 0 ? "unknown" : "unread"], { name: decoded(name), text: decoded(text) }));
        } else {
            setVariable[index](value);
        }
    }
    const wanted = decoded(parts.get("output") ?? ""), output = OUTPUTS.findIndex(({ names }) => names[0] === wanted);
    if (output < 0 && wanted) {
        problems.push(fill(DATA.controls.output, { name: wanted }));
    }
    chooseOutput(output < 0 ? OWN : output);
    byId("sentence").setAttribute("aria-live", "polite");
    isAsked = false;
    const step = Number(parts.get("step") ?? 0);
    if (Number.isInteger(step) && step >= 0 && step < steps.length) {
        position = step;
    } else {
        problems.push(fill(DATA.controls.step, { step: decoded(parts.get("step")), last: String(steps.length - 1) }));
    }
    showStep(position > 0);
    byId("problems").hidden = problems.length === 0;
    byId("problems").textContent = problems.join(" ");
}

// A text of the address as it was meant, or as it stands where it means nothing.
function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}
