package io.zonecast.sink.timing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the threads of many simulated processes one at a time, under a virtual clock, in an order
 * that a seed decides. A thread that waits hands the baton to another whose wait is over, or runs
 * events (bytes that arrive, a group's decision) that are due; where nothing is, the clock goes on
 * to when something will be. The same seed gives the same run.
 */
public final class Scheduler {
  private static final long NEVER = Long.MAX_VALUE;
  private static final int MOST_NANOS_A_STEP = 10_000;
  private static final long LONGEST_NAP_NANOS = Duration.ofMillis(30).toNanos();

  /** One thread in so many is kept from running for a while although it could. */
  private static final int NAPS = 150;

  /** Each run needs dozens, for a moment. */
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          body -> {
            var thread = new Thread(body, "simulated");
            thread.setDaemon(true);
            return thread;
          });

  private final Random random;
  private final List<Actor> actors = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Event> dueEvents = new ArrayList<>();
  private final List<Object> ready = new ArrayList<>();
  private final Actor script;
  private @Nullable Actor running;
  private @Nullable Throwable failure;
  private Runnable afterStep = () -> {};
  private long nowNanos;
  private long steps;
  private long eventCount;

  public Scheduler(long seed) {
    this.random = new Random(seed);
    this.script = new Actor("script", new SimProcess(this, "world"));
    this.running = script;
    actors.add(script);
  }

  private record Event(long atNanos, long number, @Nullable SimProcess owner, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** A thread, and what it waits for. */
  static final class Actor {
    private final String name;
    private final SimProcess process;
    private final Semaphore baton = new Semaphore(0);
    private BooleanSupplier condition = () -> true;
    private long deadlineNanos = NEVER;
    private long notBeforeNanos;
    private boolean interrupted;
    private boolean done;

    private Actor(String name, SimProcess process) {
      this.name = name;
      this.process = process;
    }

    /** When it may run, unless its condition holds before. */
    private long mayRunFrom(long nowNanos) {
      if (process.isDead()) {
        return 0;
      }
      boolean due = deadlineNanos <= nowNanos || interrupted || condition.getAsBoolean();
      return Math.max(
          due ? 0 : deadlineNanos, Math.max(process.frozenUntilNanos(), notBeforeNanos));
    }

    @Override
    public String toString() {
      return process + "/" + name;
    }
  }

  /** The process of the thread that made this: it plays the world around the sinks. */
  public SimProcess world() {
    return script.process;
  }

  public Random random() {
    return random;
  }

  public long nowNanos() {
    return nowNanos;
  }

  public long steps() {
    return steps;
  }

  /** Looks at the world after each step; may throw. */
  public void afterStep(Runnable look) {
    afterStep = look;
  }

  /** As {@code random} between the two. */
  public long between(Duration least, Duration most) {
    return least.toNanos() + (long) (random.nextDouble() * (most.toNanos() - least.toNanos()));
  }

  /**
   * Runs an action after a time. It must not wait.
   *
   * @param owner a process that has to be awake for it; null if none has
   */
  public void after(long nanos, @Nullable SimProcess owner, Runnable action) {
    events.add(new Event(nowNanos + nanos, eventCount++, owner, action));
  }

  /** Starts a thread, which runs when it is chosen. */
  Actor start(SimProcess process, String name, Runnable body) {
    var actor = new Actor(name, process);
    actors.add(actor);
    THREADS.execute(
        () -> {
          actor.baton.acquireUninterruptibly();
          try {
            body.run();
          } catch (RuntimeException | Error e) {
            if (!process.isDead()) {
              fail(new IllegalStateException(actor + " has died", e));
            }
          } finally {
            actor.done = true;
            actors.remove(actor);
            pass(null);
          }
        });
    return actor;
  }

  /** Interrupts a thread, and waits until it has ended. */
  void end(Actor actor) {
    actor.interrupted = true;
    try {
      while (!actor.done) {
        await(() -> actor.done, NEVER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits, and lets others run. Whether the condition holds, which it may not after the deadline.
   *
   * @throws InterruptedException if the thread is to end, or its process is dead
   */
  boolean await(BooleanSupplier condition, long deadlineNanos) throws InterruptedException {
    Actor self = running;
    if (self == null) {
      throw new IllegalStateException("an event must not wait");
    }
    requireUninterrupted(self);
    self.condition = condition;
    self.deadlineNanos = deadlineNanos;
    pass(self);
    requireUninterrupted(self);
    if (self == script && failure != null) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
    return condition.getAsBoolean();
  }

  private static void requireUninterrupted(Actor self) throws InterruptedException {
    boolean interrupted = self.interrupted || Thread.interrupted();
    self.interrupted = false;
    if (interrupted || self.process.isDead()) {
      throw new InterruptedException();
    }
  }

  /** Ends the run: the script learns of the failure next. Only the first counts. */
  public void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  public @Nullable Throwable failure() {
    return failure;
  }

  /** Ends every thread but the script's. Called by the script, at the very end. */
  public void close() {
    afterStep = () -> {};
    events.clear();
    dueEvents.clear();
    actors.forEach(
        actor -> {
          if (actor != script) {
            actor.process.kill();
          }
        });
    script.condition = () -> actors.size() == 1;
    script.deadlineNanos = NEVER;
    failure = null;
    pass(script);
  }

  private void pass(@Nullable Actor self) {
    running = null;
    Actor next = next();
    running = next;
    if (next == self) {
      return;
    }
    next.baton.release();
    if (self != null) {
      self.baton.acquireUninterruptibly();
    }
  }

  /** Runs events until a thread is chosen. */
  private Actor next() {
    while (true) {
      if (failure != null) {
        return script;
      }
      long next = collectReady();
      if (ready.isEmpty()) {
        if (next == NEVER) {
          throw new IllegalStateException("nothing will ever happen again: " + actors);
        }
        nowNanos = next;
        continue;
      }
      steps++;
      nowNanos += random.nextInt(MOST_NANOS_A_STEP);
      Object chosen = ready.get(random.nextInt(ready.size()));
      if (chosen instanceof Event event) {
        dueEvents.remove(event);
        run(event);
      } else {
        Actor actor = (Actor) chosen;
        if (actor == script || actor.process.isDead() || random.nextInt(NAPS) > 0) {
          return actor;
        }
        actor.notBeforeNanos = nowNanos + (long) (random.nextDouble() * LONGEST_NAP_NANOS);
      }
    }
  }

  private void run(Event event) {
    SimProcess owner = event.owner;
    try {
      if (owner == null || !owner.isDead()) {
        event.action.run();
      }
      afterStep.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Collects what may run now. If nothing may, returns when something will. */
  private long collectReady() {
    ready.clear();
    for (Event event = events.peek();
        event != null && event.atNanos <= nowNanos;
        event = events.peek()) {
      dueEvents.add(events.remove());
    }
    for (Iterator<Event> it = dueEvents.iterator(); it.hasNext(); ) {
      Event event = it.next();
      SimProcess owner = event.owner;
      if (owner != null && owner.frozenUntilNanos() > nowNanos) {
        it.remove();
        events.add(new Event(owner.frozenUntilNanos(), event.number, owner, event.action));
      } else {
        ready.add(event);
      }
    }
    Event first = events.peek();
    long next = first == null ? NEVER : first.atNanos;
    for (int i = 0; i < actors.size(); i++) {
      Actor actor = actors.get(i);
      long at = actor.mayRunFrom(nowNanos);
      if (at <= nowNanos) {
        ready.add(actor);
      }
      next = Math.min(next, at);
    }
    return next;
  }
}
