/** Loaded on the board. */
import "./bk-board";
