// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.contact.SealedPerson;
import eu.aval.server.contact.Subjects;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@PlatformTest
final class MessageHolderIntegrationTests {

    private static final UUID ACCOUNT = UUID.randomUUID();

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private KeyedDatabase keyed;

    @Autowired
    private Subjects subjects;

    @Autowired
    private MessageHolder holder;

    private final UUID purpose = TimeOrderedId.next();
    private TenantId tenant;
    private SealedPerson person;
    private SealedPerson other;

    @BeforeEach
    void writeToTwoPeople() {
        tenant = rest.tenant();
        database.execute(
                "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                        + " values (?, ?, 'service', 'SERVICE', 'CONTRACT', 'MESSAGE')",
                purpose,
                tenant.value());
        person = SealedPerson.of(keyed, subjects, tenant, "+33639980101");
        other = SealedPerson.of(keyed, subjects, tenant, "+33639980102");
        write(person, "to one");
        write(other, "to another");
    }

    @Test
    void exportsWhatWasWrittenAndWhatBecameOfIt() {
        List<Map<String, Object>> rows = export(person);

        assertThat(rows).hasSize(5);
        assertThat(rows.get(0))
                .containsEntry("text", "to one")
                .containsEntry("reference", "r-1")
                .containsEntry("purpose", "service")
                .containsEntry("status", "SUBMITTED");
        assertThat(rows.get(1)).containsEntry("carrierText", "busy");
        assertThat(rows.get(2)).containsEntry("carrierMessageId", "c-1");
        assertThat(rows.get(3)).containsEntry("raw", "id:c-1 stat:DELIVRD").containsEntry("state", "DELIVERED");
        assertThat(rows.get(4)).containsEntry("type", "SCHEDULED");
        assertThat(rows.toString()).doesNotContain("another");
    }

    @Test
    void erasesWhatWasWrittenAndKeepsTheRecord() {
        StepVerifier.create(holder.erase(tenant, person.id())).expectNext(4L).verifyComplete();
        StepVerifier.create(holder.erase(tenant, person.id())).expectNext(0L).verifyComplete();

        assertThat(export(person).getFirst())
                .doesNotContainKeys("text", "reference")
                .containsEntry("status", "SUBMITTED");
        assertThat(export(person).toString()).doesNotContain("to one", "r-1", "busy", "DELIVRD");
        assertThat(database.number("select count(*) from aval.idempotency where tenant_id = ?", tenant.value()))
                .isOne();
        assertThat(export(other).toString()).contains("to another", "r-1", "busy", "DELIVRD");
    }

    @Test
    void findsNobodyInAnotherTenant() {
        TenantId stranger = rest.tenant();

        StepVerifier.create(holder.export(stranger, person.id(), PlaintextAccess.forDataSubjectExport()))
                .verifyComplete();
        StepVerifier.create(holder.erase(stranger, person.id())).expectNext(0L).verifyComplete();
        assertThat(export(person)).hasSize(5);
    }

    private List<Map<String, Object>> export(SealedPerson whom) {
        return Flux.from(holder.export(tenant, whom.id(), PlaintextAccess.forDataSubjectExport()))
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private void write(SealedPerson whom, String text) {
        UUID message = TimeOrderedId.next();
        UUID receipt = TimeOrderedId.next();
        database.execute(
                """
                insert into aval.message (id, tenant_id, subject_id, api_key_id, purpose_id, message_class, sender,
                  country, text_sealed, reference_sealed, reference_index, encoding, parts, verdict, status, status_at,
                  expires_at, accepted_at)
                values (?, ?, ?, ?, ?, 'SERVICE', 'AVAL', 'FR', ?, ?, '\\x00', 'gsm7', 1, '{}', 'SUBMITTED', now(),
                  now(), now())""",
                message,
                tenant.value(),
                whom.id(),
                UUID.randomUUID(),
                purpose,
                whom.seal(text, "message", "text_sealed", message),
                whom.seal("r-1", "message", "reference_sealed", message));
        database.execute("""
                insert into aval.attempt (message_id, number, tenant_id, carrier_account_id, node_id, started_at,
                  carrier_text) values (?, 1, ?, ?, ?, now(), 'busy')""", message, tenant.value(), ACCOUNT, UUID.randomUUID());
        database.execute("""
                insert into aval.submitted_part (message_id, attempt, part, tenant_id, carrier_account_id,
                  carrier_message_id) values (?, 1, 1, ?, ?, 'c-1')""", message, tenant.value(), ACCOUNT);
        database.execute(
                """
                insert into aval.receipt (message_id, id, tenant_id, carrier_account_id, carrier_message_id, state, at,
                  received_at, applied, raw_sealed) values (?, ?, ?, ?, 'c-1', 'DELIVERED', now(), now(), true, ?)""",
                message,
                receipt,
                tenant.value(),
                ACCOUNT,
                whom.seal("id:c-1 stat:DELIVRD", "receipt", "raw_sealed", receipt));
        database.execute(
                "insert into aval.message_event (message_id, id, tenant_id, at, type) values (?, ?, ?, now(), 'SCHEDULED')",
                message,
                TimeOrderedId.next(),
                tenant.value());
        database.execute("""
                insert into aval.idempotency (tenant_id, api_key_id, operation, key_hash, fingerprint, message_id,
                  expires_at) values (?, ?, 'send', '\\x01', '\\x02', ?, now())""", tenant.value(), UUID.randomUUID(), message);
    }
}
