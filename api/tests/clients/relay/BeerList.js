import { graphql } from "relay-runtime";

export const query = graphql`
  query BeerListQuery($filter: BeerFilter) {
    ...BeerList_query @arguments(filter: $filter, count: 2)
  }
`;

export const beers = graphql`
  fragment BeerList_query on Query
  @refetchable(queryName: "BeerListPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    filter: { type: "BeerFilter" }
  ) {
    beers(first: $count, after: $cursor, filter: $filter, orderBy: { field: ABV, direction: DESC })
      @connection(key: "BeerList_beers", filters: ["filter"]) {
      totalCount
      edges { node { id abv ...BeerCard_beer } }
    }
  }
`;
