/** Loaded where documents are read beside claims. */
import "./bk-viewer";
