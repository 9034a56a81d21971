package io.zonecast.sink.cache;

import java.io.IOException;

/** The node runs without CAS, so checkpoints cannot be protected on it. */
public final class CasDisabledException extends IOException {
  private static final long serialVersionUID = 1L;

  CasDisabledException(NodeAddress node) {
    super(
        "memcached %s gives CAS 0: it runs without CAS (-C), so checkpoints cannot be kept on it;"
                .formatted(node)
            + " start it without -C");
  }
}
