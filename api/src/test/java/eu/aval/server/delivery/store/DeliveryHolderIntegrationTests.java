// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.contact.SealedPerson;
import eu.aval.server.contact.Subjects;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.test.StepVerifier;

@PlatformTest
final class DeliveryHolderIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private KeyedDatabase keyed;

    @Autowired
    private Subjects subjects;

    @Autowired
    private DeliveryHolder holder;

    private final UUID account = UUID.randomUUID();
    private TenantId tenant;
    private SealedPerson person;

    @BeforeEach
    void leaveReceiptsWaiting() {
        tenant = rest.tenant();
        person = SealedPerson.of(keyed, subjects, tenant, "+33639980201");
        park("mine");
        park("theirs");
        submit(person, "mine");
    }

    @Test
    void erasesReceiptsThatWait() {
        StepVerifier.create(holder.erase(tenant, person.id())).expectNext(1L).verifyComplete();
        StepVerifier.create(holder.erase(tenant, person.id())).expectNext(0L).verifyComplete();

        assertThat(database.query(
                        "select carrier_message_ids[1] as id from aval.parked_receipt where carrier_account_id = ?",
                        account))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("id", "theirs"));
    }

    @Test
    void findsNobodyInAnotherTenant() {
        TenantId stranger = rest.tenant();

        StepVerifier.create(holder.erase(stranger, person.id())).expectNext(0L).verifyComplete();
    }

    private void park(String carrierMessageId) {
        database.execute("""
                insert into aval.parked_receipt (id, carrier_account_id, carrier_message_ids, event_sealed, received_at,
                  expires_at) values (?, ?, array[?::text], '\\x00', now() - interval '1 day', now() + interval '1 day')""", TimeOrderedId.next(), account, carrierMessageId);
    }

    private void submit(SealedPerson to, String carrierMessageId) {
        UUID message = TimeOrderedId.next();
        database.execute("""
                insert into aval.message (id, tenant_id, subject_id, api_key_id, purpose_id, message_class, sender,
                  country, encoding, parts, verdict, status, status_at, expires_at, accepted_at)
                values (?, ?, ?, ?, ?, 'SERVICE', 'AVAL', 'FR', 'gsm7', 1, '{}', 'SUBMITTED', now(), now(), now())""", message, tenant.value(), to.id(), UUID.randomUUID(), UUID.randomUUID());
        database.execute("""
                insert into aval.submitted_part (message_id, attempt, part, tenant_id, carrier_account_id,
                  carrier_message_id) values (?, 1, 1, ?, ?, ?)""", message, tenant.value(), account, carrierMessageId);
    }
}
