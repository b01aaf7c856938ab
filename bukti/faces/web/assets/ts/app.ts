/** Loaded on every staff page, after htmx. */
import "./bk-autosave";
import "./bk-keys";
import "./bk-letters";
import "./bk-menu";
import "./requests";
