package io.zonecast.sink.cache;

import java.io.IOException;

/** The address is memcached's proxy, which passes each key on to one of the nodes behind it. */
public final class ProxyException extends IOException {
  private static final long serialVersionUID = 1L;

  ProxyException(NodeAddress address) {
    super(
        ("memcached %s is a proxy, and checkpoints have to be on the very node that they tell of:"
                + " name the nodes behind it in --memcached")
            .formatted(address));
  }
}
