export default function CutoutsPage() {
  return null;
}
