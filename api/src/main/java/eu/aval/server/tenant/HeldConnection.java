// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** The connection of a transaction for one of its statements: closing it leaves it open. */
record HeldConnection(Connection held) implements Connection {

    @Override
    public Publisher<Void> close() {
        return Mono.empty();
    }

    @Override
    public Statement createStatement(String sql) {
        return held.createStatement(sql);
    }

    @Override
    public Batch createBatch() {
        return held.createBatch();
    }

    @Override
    public ConnectionMetadata getMetadata() {
        return held.getMetadata();
    }

    @Override
    public Publisher<Void> createSavepoint(String name) {
        return held.createSavepoint(name);
    }

    @Override
    public Publisher<Void> releaseSavepoint(String name) {
        return held.releaseSavepoint(name);
    }

    @Override
    public Publisher<Void> rollbackTransactionToSavepoint(String name) {
        return held.rollbackTransactionToSavepoint(name);
    }

    @Override
    public Publisher<Boolean> validate(ValidationDepth depth) {
        return held.validate(depth);
    }

    @Override
    public Publisher<Void> setLockWaitTimeout(Duration timeout) {
        return held.setLockWaitTimeout(timeout);
    }

    @Override
    public Publisher<Void> setStatementTimeout(Duration timeout) {
        return held.setStatementTimeout(timeout);
    }

    @Override
    public boolean isAutoCommit() {
        return held.isAutoCommit();
    }

    @Override
    public IsolationLevel getTransactionIsolationLevel() {
        return held.getTransactionIsolationLevel();
    }

    @Override
    public Publisher<Void> beginTransaction() {
        throw inTransaction();
    }

    @Override
    public Publisher<Void> beginTransaction(TransactionDefinition definition) {
        throw inTransaction();
    }

    @Override
    public Publisher<Void> commitTransaction() {
        throw inTransaction();
    }

    @Override
    public Publisher<Void> rollbackTransaction() {
        throw inTransaction();
    }

    @Override
    public Publisher<Void> setAutoCommit(boolean autoCommit) {
        throw inTransaction();
    }

    @Override
    public Publisher<Void> setTransactionIsolationLevel(IsolationLevel level) {
        throw inTransaction();
    }

    private static IllegalStateException inTransaction() {
        return new IllegalStateException("The transaction is not this statement's to begin or end");
    }
}
