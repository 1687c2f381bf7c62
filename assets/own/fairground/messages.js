// A page in a tab nobody looks at asks for nothing, so that nothing counts as read there.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-while-visible]")) event.preventDefault();
});
