package dev.spillway.storage.gcs;

import java.util.Optional;

/** Who may do what. Any thread may call. */
final class Access {

  private final ServiceAccounts accounts;
  private volatile boolean tokenRequired;

  Access(ServiceAccounts accounts) {
    this.accounts = accounts;
  }

  void requireToken() {
    tokenRequired = true;
  }

  void check(FakeBucket bucket, Call call, String permission) throws GcsProblem {
    checkToken(call, permission);
    if (bucket.withholds(permission)) {
      if (token(call).isEmpty()) {
        throw GcsProblem.notAuthorized(permission, true);
      }
      throw GcsProblem.forbidden(ServiceAccounts.ACCOUNT, permission);
    }
  }

  /** Only who has none at all, where one is needed, is refused: for what needs no permission. */
  private void checkToken(Call call, String permission) throws GcsProblem {
    Optional<String> token = token(call);
    if (tokenRequired && token.filter(accounts::knows).isEmpty()) {
      throw GcsProblem.notAuthorized(permission, token.isEmpty());
    }
  }

  private static Optional<String> token(Call call) {
    return call.header("Authorization")
        .filter(header -> header.startsWith("Bearer "))
        .map(header -> header.substring(7));
  }
}
