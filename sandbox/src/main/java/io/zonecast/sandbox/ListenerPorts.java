package io.zonecast.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A broker's listeners by name, each with a free port of the loopback address for good. */
public final class ListenerPorts {
  /** Every broker's listener for clients. */
  public static final String PLAIN = "PLAINTEXT";

  private final Map<String, Integer> ports;

  private ListenerPorts(Map<String, Integer> ports) {
    this.ports = ports;
  }

  /** Chooses ports for {@link #PLAIN}, for the settings' listeners and for {@code others}. */
  public static ListenerPorts choose(BrokerSettings settings, String... others) {
    List<String> names = new ArrayList<>(List.of(PLAIN));
    names.addAll(List.of(others));
    names.addAll(settings.listeners().keySet());
    Map<String, Integer> ports = new LinkedHashMap<>();
    names.forEach(name -> ports.put(name, Ports.free()));
    return new ListenerPorts(ports);
  }

  public List<String> names() {
    return List.copyOf(ports.keySet());
  }

  public int port(String listener) {
    return Optional.ofNullable(ports.get(listener))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no listener %s, only %s; add it with BrokerSettings.withListener"
                        .formatted(listener, ports.keySet())));
  }

  /** Where clients find a listener, as {@code 127.0.0.1:23456}. */
  public String address(String listener) {
    return Ports.LOOPBACK.getHostAddress() + ":" + port(listener);
  }
}
