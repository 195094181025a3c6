package dev.spillway.operate;

/** What the operator's actions work on. */
public record Services(
    Drainage drainage, UploadActions uploads, AbandonedUploads abandoned, LogLevels logLevels) {}
