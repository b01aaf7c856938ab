/** Loaded only where one uploads. */
import "./bk-upload";
