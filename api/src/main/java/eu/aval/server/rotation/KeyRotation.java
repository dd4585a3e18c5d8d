// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One rotation.
 *
 * @param tenant whose keys; {@link TenantId#PLATFORM} for the platform's own and for the key-encryption key
 * @param key the key that takes over: its id, or the address of a key-encryption key; null until it has one
 * @param part which columns are being carried over
 * @param position how far in them; before anything else, the key-encryption key that is to be replaced
 * @param carried how many values have been put under the new key
 * @param remaining how many were still under an earlier one when it was last counted
 * @param waitingFor which columns those are in, as {@code table.column}
 * @param failure why the last step did not work; it is tried again
 * @param startedBy who asked for it, as the audit trail writes it
 */
public record KeyRotation(
        UUID id,
        TenantId tenant,
        Kind kind,
        State state,
        Step step,
        @Nullable String key,
        @Nullable String part,
        @Nullable String position,
        long carried,
        long remaining,
        List<String> waitingFor,
        @Nullable String failure,
        String startedBy,
        Instant startedAt,
        @Nullable Instant finishedAt) {

    /** What rotates. */
    public enum Kind {
        /** The key-encryption key, which wraps the keysets of all tenants. */
        KEK,
        /** What seals: keys of people, and what belongs to no single person. */
        AEAD,
        /** What makes blind indexes. */
        PRF
    }

    public enum State {
        RUNNING,
        /** Some values cannot be carried over: until they are gone the earlier key stays. */
        WAITING,
        /** Nothing is under an earlier key, and there is none any more. */
        DONE,
        /** It waited, and the next rotation took over what was left. */
        SUPERSEDED
    }

    /** The steps in their order; each can be repeated. */
    public enum Step {
        /** The new key opens and looks up, everywhere, before anything is written under it. */
        ADD,
        /** Everything is written under the new key. */
        PROMOTE,
        /** What is there already comes under the new key. */
        CARRY,
        /** Nothing is under an earlier key; once nobody can have anything of it in memory, it is destroyed. */
        DISABLE
    }

    public KeyRotation {
        waitingFor = List.copyOf(waitingFor);
    }

    KeyRotation at(Step next) {
        return new KeyRotation(
                id,
                tenant,
                kind,
                State.RUNNING,
                next,
                key,
                null,
                null,
                carried,
                0,
                List.of(),
                null,
                startedBy,
                startedAt,
                null);
    }

    KeyRotation with(String newKey) {
        return new KeyRotation(
                id,
                tenant,
                kind,
                state,
                step,
                newKey,
                part,
                position,
                carried,
                remaining,
                waitingFor,
                null,
                startedBy,
                startedAt,
                null);
    }

    KeyRotation carried(long more, @Nullable String nextPart, @Nullable String nextPosition) {
        return new KeyRotation(
                id,
                tenant,
                kind,
                state,
                step,
                key,
                nextPart,
                nextPosition,
                carried + more,
                remaining,
                waitingFor,
                null,
                startedBy,
                startedAt,
                null);
    }

    KeyRotation waiting(long left, List<String> columns) {
        return new KeyRotation(
                id,
                tenant,
                kind,
                State.WAITING,
                Step.CARRY,
                key,
                null,
                null,
                carried,
                left,
                columns,
                null,
                startedBy,
                startedAt,
                null);
    }

    KeyRotation done(Instant at) {
        return new KeyRotation(
                id,
                tenant,
                kind,
                State.DONE,
                step,
                key,
                null,
                null,
                carried,
                0,
                List.of(),
                null,
                startedBy,
                startedAt,
                at);
    }
}
