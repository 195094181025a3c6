package dev.spillway.it;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Another application in the same container, which uses the heap that Spillway lives in. It is
 * deployed by itself, so it knows nothing but the servlet API.
 *
 * <ul>
 *   <li>{@code POST ?mib=4} keeps so much for ever;
 *   <li>{@code PUT ?mib=400} makes so much garbage;
 *   <li>{@code DELETE} lets go of everything.
 * </ul>
 */
@WebServlet("/heap")
public final class NeighbourServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final int PIECE = 16 * 1024;
  private static final int PIECES_PER_MIB = 64;

  private final transient List<byte[]> kept = new ArrayList<>();

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    synchronized (kept) {
      for (int i = 0; i < mib(request) * PIECES_PER_MIB; i++) {
        kept.add(new byte[PIECE]);
      }
      response.getWriter().print(kept.size() / PIECES_PER_MIB);
    }
  }

  @Override
  protected void doPut(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long sum = 0;
    for (int i = 0; i < mib(request) * PIECES_PER_MIB; i++) {
      sum += new byte[PIECE].length;
    }
    response.getWriter().print(sum);
  }

  @Override
  protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
    synchronized (kept) {
      kept.clear();
    }
  }

  private static int mib(HttpServletRequest request) {
    return Integer.parseInt(request.getParameter("mib"));
  }
}
