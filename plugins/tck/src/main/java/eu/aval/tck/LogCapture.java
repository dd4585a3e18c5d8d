// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Takes everything that is logged, at the finest level, in place of where it would be written. */
final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
    private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final @Nullable Level usualLevel = root.getLevel();

    LogCapture() {
        for (Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders(); appenders.hasNext(); ) {
            usual.add(appenders.next());
        }
        usual.forEach(root::detachAppender);
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
        root.setLevel(Level.TRACE);
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        logged.add(event);
    }

    /** Each line with the messages of its exceptions. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ILoggingEvent event : logged) {
            StringBuilder line = new StringBuilder(event.getLevel() + " " + event.getLoggerName() + " - "
                    + event.getFormattedMessage() + " " + event.getMDCPropertyMap());
            IThrowableProxy thrown = event.getThrowableProxy();
            while (thrown != null) {
                line.append(" / ").append(thrown.getClassName()).append(": ").append(thrown.getMessage());
                thrown = thrown.getCause();
            }
            lines.add(line.toString());
        }
        return lines;
    }

    @Override
    public void close() {
        root.detachAppender(this);
        root.setLevel(usualLevel);
        usual.forEach(root::addAppender);
        stop();
    }
}
