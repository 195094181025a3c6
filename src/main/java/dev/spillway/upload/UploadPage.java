package dev.spillway.upload;

import java.util.List;

/**
 * Some of the uploads that a query has found.
 *
 * @param total how many there are on all pages together
 */
public record UploadPage(List<Upload> uploads, long total) {

  public UploadPage {
    uploads = List.copyOf(uploads);
  }
}
