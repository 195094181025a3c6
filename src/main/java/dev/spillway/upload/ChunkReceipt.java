package dev.spillway.upload;

import dev.spillway.admission.WriteQueue;

/**
 * What is acknowledged for a chunk.
 *
 * @param range the bytes it covered
 * @param duplicate whether all of them had been received before
 * @param receivedBytes how much of the file is here now
 * @param missingBytes how much is not
 * @param missingRanges in how many separate ranges the missing bytes lie
 * @param queue how busy the server's disk is
 */
public record ChunkReceipt(
    ByteRange range,
    boolean duplicate,
    long receivedBytes,
    long missingBytes,
    long missingRanges,
    WriteQueue.Stats queue) {}
