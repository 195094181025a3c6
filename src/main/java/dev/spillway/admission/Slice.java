package dev.spillway.admission;

import java.nio.ByteBuffer;

/**
 * A piece of a slab that is in use: which one, and its memory. Whoever has it gives it back to its
 * {@link Slabs} once.
 *
 * @param block its number among those of its class
 */
record Slice(int sizeClass, int block, ByteBuffer bytes, ByteBuffer window) {}
