// The point: a field and a slider for every variable, and all numbers of the page computed again.

const SLICE = 8; // milliseconds of work before the page may draw and listen again
let urgent = [], updates = []; // what shows the numbers of one part of the page each
let cursor = 0;
let stale = 0; // how many of them have not yet shown the numbers of this point
let working;

function updateOf(element) {
    let shown = element.textContent;
    return () => {
        const text = fill(element.dataset.text);
        if (text !== shown) {
            element.textContent = shown = text;
        }
    };
}

function setUpNumbers() {
    byId("more-warnings").addEventListener("click", () => {
        byId("more-warnings").ariaExpanded = String(byId("more-warnings").ariaExpanded !== "true");
        foldWarnings();
    });
    const live = [...document.querySelectorAll("[data-text]")];
    const ofResult = (element) => element.parentElement.id === "result";
    urgent = live.filter(ofResult).map(updateOf);
    updates = [
        ...FIGURE.map((part) => () => showPart(part)),
        ...live.filter((element) => !ofResult(element)).map(updateOf),
    ];
}

function showNumbers() {
    showWarnings();
    urgent.forEach((update) => update());
    stale = updates.length;
    workOn();
}

function showWarnings() {
    byId("warnings-section").hidden = state.findings.length === 0;
    byId("warnings").replaceChildren(...warnings().map((text) => show(document.createElement("li"), text)));
    foldWarnings();
}

// Many warnings are folded as those of a picture are.
function foldWarnings() {
    const isOpen = byId("more-warnings").getAttribute("aria-expanded") === "true", more = warnings().length - MAX_WARNINGS + 1;
    byId("more-warnings").hidden = more < 2;
    byId("more-warnings").textContent = fill(DATA.controls[isOpen ? "fewer" : "more"], { count: String(more) });
    [...byId("warnings").children].forEach((line, index) => {
        line.hidden = more > 1 && !isOpen && index >= MAX_WARNINGS - 1;
    });
}

// Go round all parts, a slice at a time: no part has to wait until a slider that moves on comes to rest.
function workOn() {
    const end = performance.now() + SLICE;
    while (stale > 0 && performance.now() < end) {
        updates[cursor]();
        cursor = (cursor + 1) % updates.length;
        stale -= 1;
    }
    document.querySelector("main").setAttribute("aria-busy", String(stale > 0));
    ["idle", "marked", "passing"].forEach((name) => { byId(`key-${name}`).hidden = !FIGURE.some(({ group }) => group.classList.contains(name)); });
    clearTimeout(working);
    if (stale > 0) {
        working = setTimeout(workOn);
    }
}

// Whether the point is the one that was given.
function isGiven() {
    return DATA.variables.every(([, given], index) => Object.is(point[index], Number(given)));
}

// Compute at the point in the fields; the walk stays at its step if there is still such a step.
function recompute(news) {
    const old = new Set(warnings());
    if (isGiven()) {
        state = gradientsShown(GIVEN);
    } else {
        compute(new Map(DATA.variables.map(([node], index) => [node, point[index]])));
    }
    if (byId("output")) {
        byId("output").value = String(chosen);
    }
    showNumbers();
    byId("sentence").setAttribute("aria-live", "off"); // the news says what has changed
    remakeSteps();
    plotAll();
    announce([news ?? byId("result").firstElementChild.textContent, ...warnings().filter((text) => !old.has(text))]);
}

// Show the gradients of another output.
function chooseOutput(index) {
    if (index !== chosen) {
        forgetTrace();
    }
    chosen = index;
    recompute();
}

function setUpOutputs() {
    const choice = byId("output");
    if (choice) {
        choice.closest("label").hidden = false;
        choice.addEventListener("change", () => chooseOutput(Number(choice.value)));
    }
}

let announcing;

// Tell a screen reader, when a slider has come to rest.
function announce(texts) {
    clearTimeout(announcing);
    announcing = setTimeout(() => {
        byId("news").textContent = texts.join(" ").replaceAll("`", "");
    }, 400);
}

// A round number that is not below a size.
function roundUp(size) {
    const power = 10 ** Math.floor(Math.log10(size));
    return [1, 2, 5, 10].map((one) => Number((one * power).toPrecision(2))).find((one) => one >= size) ?? size;
}

// Give a slider the value; its range is for the value's size, but for a step that stays in the range.
function fitSlider(slider, value, isStep) {
    const size = Math.abs(value), wanted = size === 0 ? 1 : roundUp(2 * size);
    slider.disabled = !Number.isFinite(wanted);
    const most = slider.disabled ? 1 : wanted; // what has no range is at an end, or in the middle
    if (!isStep || size > Number(slider.max)) {
        slider.min = String(-most);
        slider.max = String(most);
        slider.step = String(Number((most / 100).toPrecision(2)));
    }
    slider.value = String(slider.disabled ? Math.sign(value) || 0 : value);
}

const STEP = "step"; // what sets a value: else its field or its slider

// A field and a slider for a variable; the function that sets both.
function setUpVariable([, text], index) {
    const field = byId(`field-${index}`), slider = byId(`slider-${index}`);
    const set = (value, from) => {
        point[index] = value;
        slider.setAttribute("aria-valuetext", formatNumber(value + 0));
        if (from !== field) {
            field.value = formatNumber(value + 0);
            readField(field);
        }
        if (from !== slider) {
            fitSlider(slider, value, from === STEP);
        }
    };
    slider.hidden = false;
    field.readOnly = false;
    field.addEventListener("input", () => {
        const value = readField(field);
        if (value !== undefined) {
            set(value, field);
            forgetTrace();
            recompute();
        }
    });
    field.addEventListener("change", () => readField(field) !== undefined && set(point[index])); // else the message stays
    slider.addEventListener("input", () => {
        set(Number(slider.value), slider);
        forgetTrace();
        recompute();
    });
    set(Number(text));
    return set;
}
