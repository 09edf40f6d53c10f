import { graphql } from "relay-runtime";

export const beer = graphql`
  fragment BeerCard_beer on Beer
  @refetchable(queryName: "BeerCardRefetchQuery")
  @argumentDefinitions(reviews: { type: "Int", defaultValue: 1 }) {
    id
    name
    ratingCount
    brewery { name }
    reviews(first: $reviews) { nodes { author rating } }
  }
`;

export const review = graphql`
  mutation BeerCardReviewMutation($input: CreateReviewInput!) {
    createReview(input: $input) {
      review { id beer { id ratingCount } }
      errors { code message }
    }
  }
`;
