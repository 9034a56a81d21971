/**
 * A real Kafka broker and real memcached nodes on this machine, for the demo and for tests:
 * started, killed, paused, restarted and cut off at will, gone with the JVM that asked for them.
 *
 * <p>Tests take their servers from {@link io.zonecast.sandbox.Servers}; the demo and the benchmarks
 * own a {@link io.zonecast.sandbox.Sandbox}. Whatever else runs as a process beside them is a
 * {@link io.zonecast.sandbox.CommandProcess}. Nothing here knows what a zone is, and nothing of
 * production depends on it. The broker runs in a JVM of its own, from the class path that the build
 * lays out beside this module's classes, so none of its dependencies reach the caller's.
 */
@NullMarked
package io.zonecast.sandbox;

import org.jspecify.annotations.NullMarked;
