// The page set up: what it shows at load.

makeSteps();
const setVariable = DATA.variables.map(setUpVariable);
byId("reset")?.addEventListener("click", () => {
    DATA.variables.forEach(([, text], index) => setVariable[index](Number(text)));
    forgetTrace();
    recompute();
});
setUpNumbers();
setUpOutputs();
setUpPlots();
setUpDescent();
setUpWalk();
setUpLinks();
setUpView();
window.addEventListener("hashchange", loadAddress);
loadAddress();
announce([]); // who opens a page reads it
