// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.tenant.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;

/** What a batch needs to know. The numbers its callers give come back with the facts. */
public final class Question {

    private final List<Integer> numberPositions = new ArrayList<>();
    private final List<byte[]> numberIndexes = new ArrayList<>();
    private final List<Integer> consentPairs = new ArrayList<>();
    private final List<Integer> consentNumbers = new ArrayList<>();
    private final List<UUID> consentPurposes = new ArrayList<>();
    private final List<Integer> listedPairs = new ArrayList<>();
    private final List<UUID> listedKeys = new ArrayList<>();
    private final List<byte[]> listedIndexes = new ArrayList<>();
    private final List<Integer> keyPositions = new ArrayList<>();
    private final List<UUID> keyOwners = new ArrayList<>();
    private final List<String> keyOperations = new ArrayList<>();
    private final List<byte[]> keyHashes = new ArrayList<>();

    /** Who has this number, and is it suppressed? */
    public void number(int position, List<byte[]> indexes) {
        for (byte[] index : indexes) {
            numberPositions.add(position);
            numberIndexes.add(index);
        }
    }

    /** Which consent of the person at {@code position} is the newest for this purpose? */
    public void consent(int pair, int position, UUID purposeId) {
        consentPairs.add(pair);
        consentNumbers.add(position);
        consentPurposes.add(purposeId);
    }

    /** Is the number on the list of this API key? */
    public void listed(int pair, UUID apiKeyId, List<byte[]> indexes) {
        for (byte[] index : indexes) {
            listedPairs.add(pair);
            listedKeys.add(apiKeyId);
            listedIndexes.add(index);
        }
    }

    /** Was this idempotency key used? */
    public void key(int position, UUID apiKeyId, String operation, List<byte[]> hashes) {
        for (byte[] hash : hashes) {
            keyPositions.add(position);
            keyOwners.add(apiKeyId);
            keyOperations.add(operation);
            keyHashes.add(hash);
        }
    }

    GenericExecuteSpec bindTo(GenericExecuteSpec statement) {
        return statement
                .bind(1, numberPositions.toArray(Integer[]::new))
                .bind(2, Octets.arrayOf(numberIndexes))
                .bind(3, consentPairs.toArray(Integer[]::new))
                .bind(4, consentNumbers.toArray(Integer[]::new))
                .bind(5, consentPurposes.toArray(UUID[]::new))
                .bind(6, listedPairs.toArray(Integer[]::new))
                .bind(7, listedKeys.toArray(UUID[]::new))
                .bind(8, Octets.arrayOf(listedIndexes))
                .bind(9, keyPositions.toArray(Integer[]::new))
                .bind(10, keyOwners.toArray(UUID[]::new))
                .bind(11, keyOperations.toArray(String[]::new))
                .bind(12, Octets.arrayOf(keyHashes));
    }
}
