package io.zonecast.sink.cache;

import java.io.IOException;

/** The node keeps no CAS, so that nothing can be fenced on it. */
public final class CasDisabledException extends IOException {
  private static final long serialVersionUID = 1L;

  CasDisabledException(NodeAddress node) {
    super(
        "memcached %s gives CAS 0: it runs without CAS (-C), so checkpoints cannot be kept on it;"
                .formatted(node)
            + " start it without -C");
  }
}
