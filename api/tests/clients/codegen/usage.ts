// Compiled, not run: what is generated is typed as the schema says.

import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import { useFragment } from "../generated/codegen";
import { AddReviewDocument, BeerCardFragmentDoc, SearchDocument, StrongBelgiansDocument } from "../generated/codegen/graphql";

export function strongest({ beers }: ResultOf<typeof StrongBelgiansDocument>): string {
  const [beer] = beers.nodes;
  if (!beer) return `none of ${beers.totalCount.toFixed()}`;
  const card = useFragment(BeerCardFragmentDoc, beer);
  // @ts-expect-error it can be unknown
  card.abv.toFixed();
  // @ts-expect-error the fragment has it, not the query
  beer.name;
  return `${card.name}, ${card.abv?.toFixed(1) ?? "?"} %, ${card.brewery.name}, ${beer.createdAt.slice(0, 10)}`;
}

export function found({ search }: ResultOf<typeof SearchDocument>): string[] {
  return search.nodes.map((node) =>
    node.__typename === "Brewery" ? node.name : useFragment(BeerCardFragmentDoc, node).name,
  );
}

export const variables: VariablesOf<typeof StrongBelgiansDocument> = {
  first: 1,
  filter: { abv: { gte: 9 }, brewery: { country: { eq: "Belgium" } } },
};

export const review = (beerId: string): VariablesOf<typeof AddReviewDocument> => ({
  input: { beerId, author: "Code Generator", rating: 4 },
});

// @ts-expect-error a review has a rating
export const incomplete: VariablesOf<typeof AddReviewDocument> = { input: { beerId: "", author: "" } };
