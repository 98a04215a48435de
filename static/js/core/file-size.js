// Says beside a file field that a file is too large before it is sent: the server would refuse it with everything typed beside it.

export function enhance(box) {
  const field = box.querySelector("input[type=file]");
  const said = Object.assign(document.createElement("p"), { className: "field__error", hidden: true });
  said.setAttribute("role", "alert");
  field.before(said);
  field.addEventListener("change", () => {
    const large = (field.files[0]?.size ?? 0) > Number(box.dataset.most);
    if (large) field.value = "";
    said.hidden = !large;
    said.textContent = large ? box.dataset.words : "";
  });
}
