package dev.spillway.status;

import java.util.List;

/**
 * A page of the table of uploads.
 *
 * @param total how many there are on all pages together
 */
public record UploadList(List<UploadLine> lines, long total) {

  public UploadList {
    lines = List.copyOf(lines);
  }
}
