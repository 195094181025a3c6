package dev.spillway.app;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.Subject;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.DefaultIdentityService;
import org.eclipse.jetty.security.IdentityService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.security.UserPrincipal;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Session;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's view of the {@link Accounts}. They are for the dashboard alone: credentials that come
 * with any other request, meant for a proxy perhaps, are not looked at. For any thread.
 */
final class OperatorLogin implements LoginService {

  private static final String REALM = "Spillway";
  private static final String DASHBOARD = "/dashboard";
  private static final String TOO_MANY = "dev.spillway.too-many-attempts";
  private static final String NOT_OPEN = "dev.spillway.accounts-not-open";

  private final IdentityService identities = new DefaultIdentityService();
  private volatile @Nullable Accounts accounts;

  /** Makes a context ask for these accounts. Nobody can sign in before they are {@link #open}. */
  static OperatorLogin into(WebAppContext context) {
    OperatorLogin login = new OperatorLogin();
    context.getSecurityHandler().setLoginService(login);
    context.getSecurityHandler().setAuthenticator(new Challenge());
    return login;
  }

  void open(Accounts opened) {
    accounts = opened;
  }

  @Override
  public @Nullable UserIdentity login(
      String name,
      Object credentials,
      Request request,
      Function<Boolean, Session> getOrCreateSession) {
    Accounts open = accounts;
    String path = Request.getPathInContext(request);
    boolean isDashboard = path.equals(DASHBOARD) || path.startsWith(DASHBOARD + "/");
    if (!isDashboard || !(credentials instanceof String password)) {
      return null;
    }
    if (open == null) {
      request.setAttribute(NOT_OPEN, true);
      return null;
    }
    return switch (open.signIn(name, password, Request.getRemoteAddr(request))) {
      case RIGHT -> open.find(name).map(this::identity).orElse(null);
      case WRONG -> null;
      case NOT_LOOKED_AT -> {
        request.setAttribute(TOO_MANY, true);
        yield null;
      }
    };
  }

  private UserIdentity identity(Accounts.Account account) {
    Subject subject = new Subject();
    UserPrincipal principal = new UserPrincipal(account.name(), null);
    principal.configureSubject(subject);
    subject.setReadOnly();
    return identities.newUserIdentity(subject, principal, new String[] {account.role()});
  }

  @Override
  public boolean validate(UserIdentity user) {
    Accounts open = accounts;
    return open != null && open.find(user.getUserPrincipal().getName()).isPresent();
  }

  @Override
  public String getName() {
    return REALM;
  }

  @Override
  public IdentityService getIdentityService() {
    return identities;
  }

  @Override
  public void setIdentityService(IdentityService service) {
    throw new IllegalStateException("it has one");
  }

  @Override
  public void logout(UserIdentity user) {
    // Nothing is remembered of a user.
  }

  /**
   * Basic authentication that answers malformed credentials like wrong ones, not with a failure,
   * and lets the application write the page.
   */
  private static final class Challenge extends BasicAuthenticator {

    @Override
    public @Nullable AuthenticationState validateRequest(
        Request request, Response response, Callback callback) {
      Optional<String[]> credentials =
          credentials(request.getHeaders().get(HttpHeader.AUTHORIZATION));
      if (credentials.isPresent()) {
        String[] pair = credentials.get();
        UserIdentity user = login(pair[0], pair[1], request, response);
        if (user != null) {
          return new UserAuthenticationSucceeded(getAuthenticationType(), user);
        }
      }
      if (AuthenticationState.Deferred.isDeferred(response)) {
        return null;
      }
      if (request.getAttribute(NOT_OPEN) != null) {
        // A page that is open while its server starts must not make the browser ask for a password.
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        return AuthenticationState.writeError(
            request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
      }
      if (request.getAttribute(TOO_MANY) != null) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "6");
        return AuthenticationState.writeError(
            request, response, callback, HttpStatus.TOO_MANY_REQUESTS_429);
      }
      response
          .getHeaders()
          .put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"" + REALM + "\", charset=\"UTF-8\"");
      return AuthenticationState.writeError(
          request, response, callback, HttpStatus.UNAUTHORIZED_401);
    }

    /** Name and password. */
    private static Optional<String[]> credentials(@Nullable String header) {
      if (header == null || !header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
        return Optional.empty();
      }
      try {
        byte[] bytes = Base64.getDecoder().decode(header.substring("basic ".length()).trim());
        String[] pair = new String(bytes, StandardCharsets.UTF_8).split(":", 2);
        return pair.length == 2 ? Optional.of(pair) : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }
}
