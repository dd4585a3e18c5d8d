// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * The statements that the server sends while something runs, as the driver logs them. Those of a tenant's requests have a
 * database role of their own, so that what the server does in the background does not count.
 */
public final class StatementLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final Pattern PROCESS = Pattern.compile("\\[pid: (\\d+)]");

    /** What the pool asks of a connection that it has not asked for a second, so more often where a test takes longer. */
    private static final String OF_THE_POOL = "show transaction_read_only";

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.r2dbc.postgresql.QUERY");
    private final Level before = logger.getLevel();
    private final Queue<String> statements = new ConcurrentLinkedQueue<>();

    public StatementLog() {
        start();
        logger.setAdditive(false);
        logger.addAppender(this);
        logger.setLevel(Level.DEBUG);
    }

    @Override
    protected void append(ILoggingEvent event) {
        statements.add(event.getFormattedMessage());
    }

    /** Statements of tenants' requests so far. */
    public List<String> ofTenants(FreshDatabase database) {
        Set<String> processes = database
                .query("select pid::text as pid from pg_stat_activity where datname = current_database()"
                        + " and pg_has_role(usename, 'aval_app', 'member')"
                        + " and not pg_has_role(usename, 'aval_platform', 'member')")
                .stream()
                .map(row -> String.valueOf(row.get("pid")))
                .collect(Collectors.toSet());
        return statements.stream()
                .filter(statement -> !statement.endsWith(OF_THE_POOL))
                .filter(statement -> {
                    Matcher process = PROCESS.matcher(statement);
                    return process.find() && processes.contains(process.group(1));
                })
                .toList();
    }

    /** Statements so far that have this in them. */
    public List<String> with(String text) {
        return statements.stream().filter(statement -> statement.contains(text)).toList();
    }

    @Override
    public void close() {
        logger.setLevel(before);
        logger.detachAppender(this);
        logger.setAdditive(true);
    }
}
