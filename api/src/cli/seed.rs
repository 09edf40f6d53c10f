//! `taproom seed`: fills in the sample catalogue, or made-up beers.

use clap::Args;
use sea_orm::DatabaseConnection;

use super::progress::Console;
use crate::{
    catalog::seed::{Counts, MAX_BEERS, SeedError, generate, sample},
    database,
};

/// Fills in the sample catalogue: real styles, breweries and beers and a few sample reviews. With --beers, made-up ones instead.
///
/// Both can be repeated: the same command a second time changes nothing, a larger number of beers adds the missing ones.
#[derive(Args, Clone, Debug)]
pub struct SeedArgs {
    /// Makes up so many beers, with their breweries; the same ones every time.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MAX_BEERS))]
    pub beers: Option<u64>,
}

/// Runs the command and prints what it did.
///
/// # Errors
/// See [`SeedError`]. Nothing was written then.
pub async fn run(args: SeedArgs, db: DatabaseConnection) -> Result<(), SeedError> {
    match args.beers {
        Some(count) => made_up(&db, count).await,
        None => by_hand(&db).await,
    }
}

async fn made_up(db: &DatabaseConnection, count: u64) -> Result<(), SeedError> {
    let written = {
        let progress = Console::new();
        generate(db, count, &progress).await?
    };
    if written.beers == 0 && written.breweries == 0 {
        println!("Nothing to do: the first {count} made-up beers are there already.");
    } else {
        println!(
            "Made up {} beers and {} breweries; {} beers were there already.",
            written.beers,
            written.breweries,
            count - written.beers
        );
    }
    Ok(())
}

async fn by_hand(db: &DatabaseConnection) -> Result<(), SeedError> {
    let transaction = database::begin(db).await?;
    let written = sample(&transaction).await?;
    transaction.commit().await?;
    for (table, Counts { created, unchanged }) in
        [("styles", written.styles), ("breweries", written.breweries), ("beers", written.beers)]
    {
        println!("{table}: {created} created, {unchanged} there already");
    }
    println!("sample reviews: {} created", written.reviews);
    Ok(())
}
