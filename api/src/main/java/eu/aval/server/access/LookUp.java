// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.audit.AuditEvent;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * That an operator looks up what a tenant holds about somebody, and why. The trail keeps who and why, and the subject's id
 * instead of the number.
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
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}");
    /** What could be a number. */
    private static final Pattern DIGITS = Pattern.compile("[0-9]{8}");

    /**
     * @throws Problem NOT_FOUND when the tenant is not theirs, INVALID_REQUEST or INVALID_NUMBER
     */
    public static LookUp of(Input input, Operator operator) {
        UUID named = input.tenantId();
        TenantId tenant = named == null ? operator.tenant() : operator.require(new TenantId(named));
        List<Problem.Field> wrong = new ArrayList<>();
        if (tenant == null) {
            wrong.add(new Problem.Field("/tenantId", "REQUIRED", "Operators of all tenants say whose data"));
        }
        String reference = input.reference();
        if (reference != null
                && (!REFERENCE.matcher(reference).matches()
                        || DIGITS.matcher(reference).find())) {
            wrong.add(new Problem.Field(
                    "/reference", "INVALID", "Letters, digits and . _ / # -, at most 64, without a number in it"));
        }
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
     * For the trail.
     *
     * @param what was looked up: {@code messages}
     * @param subject null when the tenant knows nobody of this number
     * @param found how many of them were shown
     */
    public AuditEvent event(String what, @Nullable UUID subject, int found) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("role", operator.role().name());
        detail.put("reason", reason.name());
        if (reference != null) {
            detail.put("reference", reference);
        }
        detail.put("found", found);
        return new AuditEvent(
                tenant,
                operator.actor(),
                what + ".looked-up",
                subject == null ? "subject" : "subject:" + subject,
                detail);
    }
}
