// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.audit.AccessEntry;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * That an operator looks up what a tenant holds about somebody, and why. The journal keeps who and why, and the subject's
 * id instead of the number.
 *
 * @param reference of the case, in the operator's own files
 */
public record LookUp(
        TenantId tenant,
        PhoneNumber number,
        Operator operator,
        Reason reason,
        @Nullable String reference) {

    /** Why. A closed list: what people write in their own words ends up with names and numbers in it. */
    public enum Reason {
        DATA_SUBJECT_REQUEST,
        COMPLAINT,
        SUPPORT_REQUEST,
        INCIDENT,
        LEGAL_CLAIM,
        SUPERVISORY_AUTHORITY
    }

    /** As it is asked for in GraphQL: {@code LookUpInput}. */
    public record Input(
            @Nullable UUID tenantId,
            String number,
            Reason reason,
            @Nullable String reference) {

        /** Shows nothing of the number. */
        @Override
        public String toString() {
            return "LookUpInput[" + reason + "]";
        }
    }

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    /**
     * @throws Problem NOT_FOUND when the tenant is not theirs, INVALID_REQUEST or INVALID_NUMBER
     */
    public static LookUp of(Input input, Operator operator) {
        UUID named = input.tenantId();
        TenantId tenant = named == null ? operator.onlyTenant() : operator.require(new TenantId(named));
        List<Problem.Field> wrong = new ArrayList<>();
        if (tenant == null) {
            wrong.add(new Problem.Field("/tenantId", "REQUIRED", "Operators of several tenants say whose data"));
        }
        String reference = input.reference();
        CaseReference.defect(reference).ifPresent(wrong::add);
        boolean number = E164.matcher(input.number()).matches();
        if (!number) {
            wrong.add(new Problem.Field("/number", "INVALID_NUMBER", "Must be E.164"));
        }
        if (tenant == null || !wrong.isEmpty()) {
            var type = !number && wrong.size() == 1 ? ProblemType.INVALID_NUMBER : ProblemType.INVALID_REQUEST;
            throw new Problem(type, "Nothing can be looked up so", wrong);
        }
        return new LookUp(tenant, PhoneNumber.of(input.number(), "ZZ"), operator, input.reason(), reference);
    }

    /**
     * For the journal.
     *
     * @param what was looked up
     * @param subject null when the tenant knows nobody of this number
     * @param found how many of them were shown
     */
    public AccessEntry entry(RecordKind what, @Nullable UUID subject, int found) {
        return AccessEntry.now(
                tenant,
                operator.actor(),
                operator.roles().stream().map(Enum::name).sorted().toList(),
                operator.session(),
                AccessEntry.Action.LOOKED_UP,
                what,
                null,
                subject,
                List.of(),
                reason.name(),
                reference,
                found);
    }
}
