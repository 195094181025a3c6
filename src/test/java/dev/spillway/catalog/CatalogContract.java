package dev.spillway.catalog;

/** What the port promises, whatever the database. */
interface CatalogContract
    extends CreateContract,
        KeyContract,
        CommitContract,
        TransitionContract,
        OverviewContract,
        OpenContract,
        AgeContract,
        ExpiryContract,
        ListContract,
        SummaryContract,
        PublishContract {}
