// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * Warnings and errors that come of requests while something runs: of the edge and of the libraries below it. What servers do
 * by themselves, this one and those that other tests have left running, may have troubles of its own meanwhile.
 */
final class Troubles extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final String SERVER = "eu.aval.server.";

    /** Those of the server that work for a request, and what drops the errors of libraries. */
    private static final List<String> OF_REQUESTS =
            List.of("access.", "message.accept.", "message.rest.", "consent.rest.", "tenant.DroppedErrors");

    private final Logger logger = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    Troubles() {
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN) && isOfRequests(event.getLoggerName())) {
            told.add(event.toString());
        }
    }

    private static boolean isOfRequests(String name) {
        return !name.startsWith(SERVER) || OF_REQUESTS.stream().anyMatch(own -> name.startsWith(SERVER + own));
    }

    /** So far. */
    List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
