package io.zonecast.monitor;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a few {@link Resource}s over plain HTTP, to be read only: GET and HEAD. It has a bounded
 * number of threads, and a client that sends or reads slowly is hung up on, so that none of them
 * keeps the others from an answer.
 *
 * <p>Nothing here asks who is there: it is meant for the loopback address or a trusted network.
 * Where it listens on the loopback address only, it answers only requests that are meant for this
 * machine by name: otherwise a page from anywhere, open in the operator's browser, could have its
 * own name resolved to 127.0.0.1 and read ours.
 */
public final class HttpEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

  /**
   * Enough for a scraper, two probes and some people; each costs a thread only while it is busy.
   */
  private static final int MOST_THREADS = 16;

  private static final int MOST_WAITING = 64;
  private static final int BACKLOG = 64;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int MISDIRECTED = 421;
  private static final int FAILED = 500;

  /** Everything comes from here, nothing is embedded elsewhere, and no inline script runs. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** An address, which no name can be resolved to, or this machine. */
  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|[0-9.]+|\\[[0-9a-fA-F:.]+])(:[0-9]+)?");

  static {
    // The JDK's server reads these once; in seconds. What is set already stays.
    setIfUnset("sun.net.httpserver.maxReqTime", "5");
    setIfUnset("sun.net.httpserver.maxRspTime", "20");
    setIfUnset("sun.net.httpserver.idleInterval", "60");
    setIfUnset("sun.net.httpserver.nodelay", "true");
  }

  private final ListenAddress wanted;
  private final Map<String, Resource> resources;
  private @Nullable HttpServer server;
  private @Nullable ThreadPoolExecutor threads;

  /**
   * Listens to nothing yet.
   *
   * @param resources by path, as {@code /metrics}
   */
  public HttpEndpoint(ListenAddress wanted, Map<String, Resource> resources) {
    this.wanted = wanted;
    this.resources = Map.copyOf(resources);
  }

  /**
   * Begins to listen and to answer.
   *
   * @return where it listens: the port is the one that was picked, where any was wanted
   * @throws IOException if it cannot listen there; the message says why, and names the address
   */
  public ListenAddress start() throws IOException {
    InetSocketAddress address = wanted.toSocketAddress();
    if (address.isUnresolved()) {
      throw new IOException("%s: no address is known for \"%s\"".formatted(wanted, wanted.host()));
    }
    HttpServer opened;
    try {
      opened = HttpServer.create(address, BACKLOG);
    } catch (BindException e) {
      throw new IOException("%s: cannot listen there: %s".formatted(wanted, e.getMessage()), e);
    }
    ThreadPoolExecutor pool = pool();
    boolean onlyHere = address.getAddress().isLoopbackAddress();
    opened.setExecutor(pool);
    opened.createContext("/", exchange -> answer(exchange, onlyHere));
    opened.start();
    server = opened;
    threads = pool;
    return ListenAddress.of(opened.getAddress());
  }

  /** Stops at once: who is being answered is hung up on. */
  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    if (threads != null) {
      threads.shutdownNow();
    }
  }

  private static ThreadPoolExecutor pool() {
    var number = new AtomicInteger();
    var pool =
        new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              var thread = new Thread(task, "zonecast-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            // Whoever finds all this busy is hung up on when the time for requests is over.
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private void answer(HttpExchange exchange, boolean onlyHere) throws IOException {
    try (exchange) {
      Reply reply = replyTo(exchange, onlyHere);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", reply.mediaType());
      headers.set("Cache-Control", "no-store");
      headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("X-Content-Type-Options", "nosniff");
      byte[] body = reply.body();
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(reply.status(), -1);
        return;
      }
      exchange.sendResponseHeaders(reply.status(), body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    } catch (IOException e) {
      // The client has gone, or was hung up on: its own affair.
      LOG.debug("http client={} not answered", exchange.getRemoteAddress(), e);
    }
  }

  private Reply replyTo(HttpExchange exchange, boolean onlyHere) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    if (onlyHere && !isForThisMachine(exchange.getRequestHeaders().getFirst("Host"))) {
      return Reply.text(
          MISDIRECTED, "this address answers to localhost and to IP addresses, not to other names");
    }
    Resource resource = path == null ? null : resources.get(path);
    if (resource == null) {
      return Reply.text(NOT_FOUND, "there is nothing here; look at /");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Reply.text(NOT_ALLOWED, "this is only to be read, with GET or HEAD");
    }
    String query = exchange.getRequestURI().getRawQuery();
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    try {
      return resource.get(
          new PageRequest(
              Objects.requireNonNullElse(query, ""), Objects.requireNonNullElse(accept, "")));
    } catch (IOException | RuntimeException e) {
      LOG.warn("http path={} failed: {}", path, e.toString());
      LOG.debug("http path={} failed", path, e);
      return Reply.text(FAILED, "this failed; the log says why");
    }
  }

  private static boolean isForThisMachine(@Nullable String host) {
    // Browsers always send one.
    return host == null || LOCAL_HOST.matcher(host).matches();
  }

  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  @Override
  public String toString() {
    return "HTTP at " + wanted;
  }
}
