package org.postern.accounts;

import org.postern.model.PlanName;

/** What the database says of what a mailbox may do: its account's plan, and what is different from it. */
record PlanTerms(PlanName plan, Overrides overrides) {}
